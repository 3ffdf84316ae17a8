import CTRKernels

/// A network made ready to predict: its tables where they are, its dense layers packed, what few-valued fields add to a
/// layer worked out. Any number of threads may use it at once; it allocates nothing.
package final class PredictionPlan: Sendable {
    private let passes: [any Pass]
    private let output: ArenaBlock
    private let terms: [(part: LogitPart, block: ArenaBlock)]
    /// The floats of memory that a row needs.
    package let memory: Int

    package init(_ network: Network, using choice: WeightChoice = .current) {
        let plan = PlanDraft(network, using: choice)
        let blueprint = network.blueprint
        passes = blueprint.layers.map { $0.pass(in: plan) }
        output = blueprint.logit.map { plan.block($0) } ?? ArenaBlock(first: 0, width: 0)
        terms = blueprint.terms.map { ($0.part, plan.block($0.signal)) }
        memory = plan.arena.size
    }

    /// The logits of the selected rows, each computed by itself in a fixed order: it depends neither on the rows beside
    /// it nor on the number of threads. `memory` has room for the rows.
    package func logits(
        _ rows: TrainingRows, _ selection: vl_selection, memory: UnsafeMutablePointer<Float>,
        into logits: UnsafeMutablePointer<Float>
    ) {
        run(rows, selection, memory)
        logits.update(from: memory + output.offset(selection.count, 0), count: selection.count)
    }

    /// What adds up to a row's logit, in order.
    package func terms(
        _ rows: TrainingRows, row: Int, memory: UnsafeMutablePointer<Float>
    ) -> [(part: LogitPart, logit: Float)] {
        run(rows, vl_selection(rows: nil, first: row, count: 1), memory)
        return terms.map { ($0.part, memory[$0.block.offset(1, 0)]) }
    }

    /// What a feature of the linear part adds to a row's logit.
    package func linearTerm(_ feature: Int, _ rows: TrainingRows, row: Int) -> Float {
        for case let linear as LinearPass in passes { return linear.term(feature, rows, row: row) }
        return 0
    }

    private func run(_ rows: TrainingRows, _ selection: vl_selection, _ memory: UnsafeMutablePointer<Float>) {
        let shard = Shard(
            rows: rows, selection: selection, start: 0, count: selection.count, index: 0, capacity: selection.count,
            values: memory, gradients: nil, step: 0)
        for pass in passes { pass.forward(shard) }
    }
}
