import CTRKernels

/// A layer of a cross network (Wang et al., "Deep & Cross Network for Ad Click Predictions", 2017, equation 3):
///
///     xₗ₊₁ = x₀ (xₗ · w) + b + xₗ
///
/// x₀, xₗ and xₗ₊₁ are batch × width, w and b of that width.
package struct CrossVectorLayer: Layer {
    let first: Signal
    let input: Signal
    package let output: Signal
    /// xₗ · w and, on the way back, x₀ · gradient: batch × 1 each.
    let products: Signal
    let slopes: Signal
    let weights: Int
    let bias: Int

    package var inputs: [Signal] { [first, input] }
    package var addsGradients: Bool { true }

    package func pass(in plan: PlanDraft) -> any Pass { CrossVectorPass(self, plan) }
}

extension Blueprint {
    /// xₗ₊₁ from x₀ and xₗ.
    package mutating func crossVector(_ first: Signal, _ input: Signal, name: String) -> Signal {
        let weights = parameter("\(name).weight", .cross, rows: first.width, width: 1)
        let bias = parameter("\(name).bias", .bias, rows: 1, width: first.width)
        let (products, slopes) = (signal(width: 1), signal(width: 1))
        return add(
            CrossVectorLayer(
                first: first, input: input, output: signal(width: first.width), products: products, slopes: slopes,
                weights: weights, bias: bias))
    }
}

final class CrossVectorPass: Pass {
    private let weights: Parameter
    private let bias: Parameter
    private let weightValues: FloatBuffer
    private let biasValues: FloatBuffer
    private let first: ArenaBlock
    private let input: ArenaBlock
    private let output: ArenaBlock
    private let products: ArenaBlock
    private let slopes: ArenaBlock

    init(_ layer: CrossVectorLayer, _ plan: PlanDraft) {
        weights = plan.network.parameters[layer.weights]
        bias = plan.network.parameters[layer.bias]
        (weightValues, biasValues) = (plan.weights(layer.weights), plan.weights(layer.bias))
        (first, input, output) = (plan.block(layer.first), plan.block(layer.input), plan.block(layer.output))
        (products, slopes) = (plan.block(layer.products), plan.block(layer.slopes))
    }

    func forward(_ shard: Shard) {
        VectorLoops.chosen.pointee.cross_vector(
            shard.values(first), shard.values(input), weightValues.base, biasValues.base, shard.count, output.width,
            shard.values(products), shard.values(output))
    }

    func backward(_ shard: Shard) {
        VectorLoops.chosen.pointee.cross_vector_gradients(
            shard.values(first), weightValues.base, shard.values(products), shard.gradients(output), shard.count,
            output.width, shard.values(slopes), shard.gradients(first), shard.gradients(input))
    }

    /// The weights' gradient is Σ over rows of xₗ (x₀ · gradient), the biases' that of the output.
    func addUpdates(to list: inout UpdateList) {
        list.add(.product, floats: output.width) { [self] step, memory in
            let (gradient, width) = (memory.gradient.base, output.width)
            gradient.update(repeating: 0, count: width)
            let (x, slopes) = (step.values(input), step.values(slopes))
            for position in 0..<step.count {
                VectorLoops.chosen.pointee.add_scaled(x + position * width, slopes[position], gradient, width)
            }
            step.update(weights, rows: 0..<width, sum: gradient)
            DenseKernels.columnSums(step.gradients(output), into: gradient, rows: step.count, width: width)
            step.update(bias, rows: 0..<1, sum: gradient)
        }
    }
}
