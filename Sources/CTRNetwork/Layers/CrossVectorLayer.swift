import CTRKernels

/// A cross network of vectors (Wang et al., "Deep & Cross Network for Ad Click Predictions", 2017, equation 3):
///
///     xₗ₊₁ = x₀ (xₗ · wₗ) + bₗ + xₗ
///
/// All are batch × width, w and b of that width. As xₗ is x₀ times one number a row and what the biases add up to,
///
///     xₗ = aₗ x₀ + Bₗ,    aₗ₊₁ = aₗ (1 + x₀ · wₗ) + Bₗ · wₗ,    Bₗ₊₁ = Bₗ + bₗ,
///
/// a row costs one product of vectors a layer, and only the last layer's output is written.
package struct CrossVectorLayer: Layer {
    let input: Signal
    package let output: Signal
    /// x₀ · wₗ and aₗ: batch × layers each.
    let products: Signal
    let scales: Signal
    /// By layer.
    let weights: [Int]
    let biases: [Int]

    package var inputs: [Signal] { [input] }
    package var addsGradients: Bool { true }

    package func pass(in plan: PlanDraft) -> any Pass { CrossVectorPass(self, plan) }
}

extension Blueprint {
    /// The output of so many layers on x₀. `name`: of their parameters.
    package mutating func crossVectors(_ input: Signal, layers: Int, name: String) -> Signal {
        var (weights, biases): ([Int], [Int]) = ([], [])
        for layer in 0..<layers {
            weights.append(parameter("\(name).\(layer).weight", .cross, rows: input.width, width: 1))
            biases.append(parameter("\(name).\(layer).bias", .bias, rows: 1, width: input.width))
        }
        let (products, scales) = (signal(width: layers), signal(width: layers))
        return add(
            CrossVectorLayer(
                input: input, output: signal(width: input.width), products: products, scales: scales, weights: weights,
                biases: biases))
    }
}

final class CrossVectorPass: Pass {
    private let layers: CrossVectors
    private let training: CrossVectorLearning?
    private let input: ArenaBlock
    private let output: ArenaBlock
    private let products: ArenaBlock
    private let scales: ArenaBlock

    init(_ layer: CrossVectorLayer, _ plan: PlanDraft) {
        let layers = CrossVectors(
            weights: layer.weights.map { plan.weights($0) }, biases: layer.biases.map { plan.weights($0) },
            width: layer.input.width)
        self.layers = layers
        training = plan.training.map { _ in CrossVectorLearning(layer, layers, plan) }
        (input, output) = (plan.block(layer.input), plan.block(layer.output))
        (products, scales) = (plan.block(layer.products), plan.block(layer.scales))
    }

    func forward(_ shard: Shard) {
        layers.withLoop {
            VectorLoops.chosen.pointee.cross_vectors(
                $0, shard.values(input), shard.count, shard.values(products), shard.values(scales),
                shard.values(output))
        }
    }

    func backward(_ shard: Shard) {
        layers.withLoop {
            VectorLoops.chosen.pointee.cross_vectors_gradients(
                $0, shard.values(input), shard.count, shard.values(products), shard.values(scales),
                shard.gradients(output), shard.gradients(products), shard.gradients(scales), shard.gradients(input))
        }
    }

    func addUpdates(to list: inout UpdateList) { training?.addUpdates(to: &list) }
}
