import CTRFeatures
import CTRKernels

/// Models of the same shape from different seeds that answer together: the logit is the mean of theirs (Hansen and
/// Salamon, 1990). What one of them has learnt from noise, the others have not.
package struct Ensemble: Sendable {
    /// At least one.
    package let members: [WideDeep]

    package init(_ members: [WideDeep]) { self.members = members }

    /// The logits of the rows `range`, each computed by itself in a fixed order.
    package func logits(_ rows: TrainingRows, range: Range<Int>, into output: UnsafeMutablePointer<Float>) {
        guard members.count > 1 else {
            for member in members { member.logits(rows, range: range, into: output) }
            return
        }
        let logits = FloatBuffer(count: range.count)
        for (index, member) in members.enumerated() {
            member.logits(rows, range: range, into: logits.base)
            for place in 0..<range.count { output[place] = (index == 0 ? 0 : output[place]) + logits.base[place] }
        }
        for place in 0..<range.count { output[place] /= Float(members.count) }
    }

    /// The click probabilities of all rows.
    package func probabilities(_ rows: TrainingRows, threads: Int) -> [Double] {
        let logits = FloatBuffer(count: rows.rowCount)
        let chunk = 256
        ThreadPool.shared.run(tasks: (rows.rowCount + chunk - 1) / chunk, threads: threads) { index in
            let start = index * chunk
            self.logits(rows, range: start..<min(start + chunk, rows.rowCount), into: logits.base + start)
        }
        return (0..<rows.rowCount).map { DenseKernels.probability(logits.base[$0]) }
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
