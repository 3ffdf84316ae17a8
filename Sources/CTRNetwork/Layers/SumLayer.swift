import CTRKernels

/// The sum of some signals of width 1, in order: a logit from its terms (Cheng et al., 2016, equation 3).
package struct SumLayer: Layer {
    package let inputs: [Signal]
    package let output: Signal

    package func pass(in plan: PlanDraft) -> any Pass { SumPass(self, plan) }
}

extension Blueprint {
    mutating func addSum(_ terms: [Signal]) -> Signal {
        add(SumLayer(inputs: terms, output: signal(width: 1)))
    }
}

final class SumPass: Pass {
    private let inputs: [ArenaBlock]
    private let adds: [Bool]
    private let output: ArenaBlock

    init(_ layer: SumLayer, _ plan: PlanDraft) {
        inputs = layer.inputs.map { plan.block($0) }
        adds = layer.inputs.map { plan.addsGradient($0) }
        output = plan.block(layer.output)
    }

    func forward(_ shard: Shard) {
        guard let first = inputs.first else { return }
        let sum = shard.values(output)
        sum.update(from: shard.values(first), count: shard.count)
        for input in inputs.dropFirst() { DenseKernels.add(shard.values(input), to: sum, count: shard.count) }
    }

    func backward(_ shard: Shard) {
        let gradient = shard.gradients(output)
        for (input, adds) in zip(inputs, adds) {
            if adds {
                DenseKernels.add(gradient, to: shard.gradients(input), count: shard.count)
            } else {
                shard.gradients(input).update(from: gradient, count: shard.count)
            }
        }
    }
}
