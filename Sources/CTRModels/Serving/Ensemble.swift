import CTRFeatures
import CTRKernels
import CTRNetwork

/// Models of the same shape from different seeds that answer together: the logit is the mean of theirs (Hansen and
/// Salamon, 1990). What one of them has learnt from noise, the others have not.
package struct Ensemble: Sendable {
    /// At least one. Their weights no longer change.
    package let members: [Network]
    private let plans: [PredictionPlan]
    /// The floats of memory that the neediest of them takes for a row.
    private let rowMemory: Int

    package init(_ members: [Network], using choice: WeightChoice = .current) {
        self.members = members
        plans = members.map { PredictionPlan($0, using: choice) }
        rowMemory = plans.map(\.memory).max() ?? 0
    }

    /// Rows that go through the layers together: their activations stay in the processor's nearer caches.
    static let blockRows = 128

    /// The logits of the rows `range` (of `selection`, where there is one), each computed by itself in a fixed order: it
    /// depends neither on the rows beside it nor on the number of threads. Allocates nothing once a thread has memory for
    /// a block.
    package func logits(
        _ rows: TrainingRows, range: Range<Int>, of selection: IndexBuffer? = nil,
        into output: UnsafeMutablePointer<Float>
    ) throws(CTRError) {
        var start = range.lowerBound
        while start < range.upperBound {
            let block = start..<min(start + Self.blockRows, range.upperBound)
            guard blockLogits(rows, block, of: selection, into: output + (start - range.lowerBound)) else {
                throw Self.noMemory(rows: block.count)
            }
            start = block.upperBound
        }
    }

    /// At most `blockRows` rows; false, with nothing written, where there is no memory for their activations.
    func blockLogits(
        _ rows: TrainingRows, _ range: Range<Int>, of selection: IndexBuffer?, into output: UnsafeMutablePointer<Float>
    ) -> Bool {
        let block = vl_selection(
            rows: selection.map { UnsafePointer($0.base + range.lowerBound) }, first: range.lowerBound,
            count: range.count)
        guard let first = plans.first else { return true }
        guard let memory = VectorLoops.scratch(block.count * (1 + rowMemory)) else { return false }
        first.logits(rows, block, memory: memory + block.count, into: output)
        guard plans.count > 1 else { return true }
        for plan in plans.dropFirst() {
            plan.logits(rows, block, memory: memory + block.count, into: memory)
            for index in 0..<block.count { output[index] += memory[index] }
        }
        let scale = Float(plans.count)
        for index in 0..<block.count { output[index] /= scale }
        return true
    }

    static func noMemory(rows: Int) -> CTRError {
        .outOfMemory("there is no memory for the activations of \(rows) rows; end what else takes memory and ask again")
    }

    /// Weights of a file may be finite and yet so large that their sums are not.
    static func checkFinite(_ logits: UnsafePointer<Float>, count: Int) throws(CTRError) {
        // Without a branch a row: infinities and NaN have all bits of the exponent.
        var largest: UInt32 = 0
        for row in 0..<count { largest = max(largest, logits[row].bitPattern & 0x7FFF_FFFF) }
        guard largest >= Float.infinity.bitPattern else { return }
        let row = (0..<count).first { !logits[$0].isFinite } ?? 0
        throw notFinite(logits[row], row: row)
    }

    static func notFinite(_ logit: Float, row: Int) -> CTRError {
        .invalidData(
            "row \(row) (from 0): the logit, or a term of it, is \(logit): the model's weights are too large; it has "
                + "diverged, train it anew")
    }

    /// What adds up to a row's logit, in order, on average over the members.
    func terms(_ rows: TrainingRows, row: Int) throws(CTRError) -> [(part: LogitPart, logit: Float)] {
        var sums: [(part: LogitPart, logit: Float)] = []
        for plan in plans {
            guard let memory = VectorLoops.scratch(plan.memory) else { throw Self.noMemory(rows: 1) }
            let terms = plan.terms(rows, row: row, memory: memory)
            sums = sums.isEmpty ? terms : zip(sums, terms).map { ($0.part, $0.logit + $1.logit) }
        }
        return sums.map { ($0.part, $0.logit / Float(plans.count)) }
    }

    /// What a feature of the linear part adds to it.
    func linearTerm(_ feature: Int, _ rows: TrainingRows, row: Int) -> Float {
        plans.reduce(0) { $0 + $1.linearTerm(feature, rows, row: row) } * (1 / Float(plans.count))
    }

    /// The click probabilities of the selected rows, or of all. A model in training may give NaN; one that is served gives
    /// an error instead.
    package func probabilities(
        _ rows: TrainingRows, of selection: IndexBuffer? = nil, threads: Int, interruption: Interruption? = nil,
        areServed: Bool = false
    ) throws(CTRError) -> [Double] {
        let count = selection?.count ?? rows.rowCount
        try Memory.require(Memory.bytes(count, each: 12), for: "the probabilities of \(count) rows")
        let logits = FloatBuffer(count: count)
        try PredictionJob().logits(
            self, rows, range: 0..<count, of: selection, threads: threads, interruption: interruption,
            into: logits.base)
        if areServed { try Self.checkFinite(logits.base, count: count) }
        return (0..<count).map { DenseKernels.probability(logits.base[$0]) }
    }

    /// Every parameter block by its name in the model file: the first model's by their own names.
    package var parameters: [(name: String, block: Parameter)] {
        members.enumerated().flatMap { index, member in
            member.blocks.map { (Self.prefix(index) + $0.shape.name, $0.block) }
        }
    }

    package static func prefix(_ member: Int) -> String { member == 0 ? "" : "members.\(member)." }

    /// Member i's options: its own seed.
    static func options(_ options: ModelOptions, of member: Int) -> ModelOptions {
        var own = options
        // Below 2^53, as every seed.
        own.seed = (options.seed &+ UInt64(member) &* 0x0001_0000_01B3) & (1 << 53 - 1)
        return own
    }
}
