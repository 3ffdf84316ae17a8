import CTRFeatures
import CTRKernels

/// Models of the same shape from different seeds that answer together: the logit is the mean of theirs (Hansen and
/// Salamon, 1990). What one of them has learnt from noise, the others have not.
package struct Ensemble: Sendable {
    /// At least one. Their weights no longer change.
    package let members: [WideDeep]
    private let predictors: [Predictor]

    package init(_ members: [WideDeep], using choice: WideDeep.Weights = .current) {
        self.members = members
        predictors = members.map { Predictor($0, using: choice) }
    }

    /// Rows that go through the layers together: their activations stay in the processor's nearer caches.
    private static let blockRows = 128

    /// The logits of the rows `range` (of `selection`, where there is one), each computed by itself in a fixed order: it
    /// depends neither on the rows beside it nor on the number of threads. Allocates nothing once a thread has memory for
    /// a block; NaN where there is none to be had.
    package func logits(
        _ rows: TrainingRows, range: Range<Int>, of selection: IndexBuffer? = nil,
        into output: UnsafeMutablePointer<Float>
    ) {
        var start = range.lowerBound
        while start < range.upperBound {
            let count = min(Self.blockRows, range.upperBound - start)
            let block = vl_selection(
                rows: selection.map { UnsafePointer($0.base + start) }, first: start, count: count)
            blockLogits(rows, block, into: output + (start - range.lowerBound))
            start += count
        }
    }

    private func blockLogits(_ rows: TrainingRows, _ block: vl_selection, into output: UnsafeMutablePointer<Float>) {
        guard let first = predictors.first else { return }
        // The members are of one shape.
        guard let memory = VectorLoops.scratch(block.count + first.memory(rows: block.count)) else {
            for place in 0..<block.count { output[place] = .nan }
            return
        }
        first.logits(rows, block, memory: memory + block.count, into: output)
        guard predictors.count > 1 else { return }
        for predictor in predictors.dropFirst() {
            predictor.logits(rows, block, memory: memory + block.count, into: memory)
            for place in 0..<block.count { output[place] += memory[place] }
        }
        let scale = Float(predictors.count)
        for place in 0..<block.count { output[place] /= scale }
    }

    /// What the members' deep parts add to a row's logit, on average; 0 where there are none.
    func deepLogit(_ rows: TrainingRows, row: Int) -> Float {
        var sum: Float = 0
        for predictor in predictors {
            guard let memory = VectorLoops.scratch(predictor.memory(rows: 1)) else { return .nan }
            sum += predictor.deepLogits(rows, vl_selection(rows: nil, first: row, count: 1), memory: memory)?[0] ?? 0
        }
        return sum / Float(predictors.count)
    }

    /// The logits of the rows `range` on several threads.
    package func logits(
        _ rows: TrainingRows, range: Range<Int>, of selection: IndexBuffer? = nil, threads: Int,
        into output: UnsafeMutablePointer<Float>
    ) {
        // Even shares for few rows; blocks for many. Whole tiles of rows either way.
        let share = (range.count + max(threads, 1) - 1) / max(threads, 1)
        let block = min(Self.blockRows, max(8, (share + 7) / 8 * 8))
        ThreadPool.shared.run(tasks: (range.count + block - 1) / block, threads: threads) { index in
            let start = range.lowerBound + index * block
            logits(
                rows, range: start..<min(start + block, range.upperBound), of: selection,
                into: output + index * block)
        }
    }

    /// The click probabilities of the selected rows, or of all.
    package func probabilities(_ rows: TrainingRows, of selection: IndexBuffer? = nil, threads: Int) -> [Double] {
        let count = selection?.count ?? rows.rowCount
        let logits = FloatBuffer(count: count)
        self.logits(rows, range: 0..<count, of: selection, threads: threads, into: logits.base)
        return (0..<count).map { DenseKernels.probability(logits.base[$0]) }
    }

    /// Every parameter block by its name in the model file: the first model's by their own names.
    package var parameters: [(name: String, block: Parameters)] {
        members.enumerated().flatMap { index, member in
            member.parameters.map { (Self.prefix(index) + $0.name, $0.block) }
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
