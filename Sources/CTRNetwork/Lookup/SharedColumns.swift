import CTRKernels

/// The columns of a signal that a layer multiplies where other layers read it, too: they are brought together in memory
/// of the layer's own, and the gradients that it leaves there are added to the signal's.
struct SharedColumns: Sendable {
    private let signal: ArenaBlock
    private let own: ArenaBlock
    private let runs: [Run]
    private let learning: [Run]

    /// Neighbouring columns of both.
    private struct Run {
        let first: Int
        let own: Int
        let count: Int
    }

    /// Nil where the layer reads the signal itself.
    init?(_ layer: DenseLayer, _ plan: PlanDraft) {
        guard let lookup = plan.lookup(of: layer), lookup.isShared else { return nil }
        signal = plan.block(layer.input)
        own = plan.input(of: layer)
        let learns = lookup.fields.learning(lookup.multiplied)
        var (runs, learning): ([Run], [Run]) = ([], [])
        var next = 0
        for columns in lookup.runs {
            runs.append(Run(first: columns.lowerBound, own: next, count: columns.count))
            let both = (next..<next + columns.count).clamped(to: learns)
            if !both.isEmpty {
                learning.append(
                    Run(first: columns.lowerBound + both.lowerBound - next, own: both.lowerBound, count: both.count))
            }
            next += columns.count
        }
        (self.runs, self.learning) = (runs, learning)
    }

    func forward(_ shard: Shard) {
        let (from, to) = (shard.values(signal), shard.values(own))
        for row in 0..<shard.count {
            for run in runs {
                (to + (row &* own.width &+ run.own)).update(
                    from: from + (row &* signal.width &+ run.first), count: run.count)
            }
        }
    }

    func backward(_ shard: Shard) {
        let (from, to) = (shard.gradients(own), shard.gradients(signal))
        for row in 0..<shard.count {
            for run in learning {
                DenseKernels.add(
                    from + (row &* own.width &+ run.own), to: to + (row &* signal.width &+ run.first),
                    count: run.count)
            }
        }
    }
}
