import CTRKernels

/// What a layer of the second cross network makes of its dense layer's products (Wang et al., "DCN V2", 2021, equation 1):
///
///     xₗ₊₁ = x₀ ⊙ (W xₗ + b) + xₗ
///
/// All are batch × width; W and b are the dense layer's.
package struct CrossMatrixLayer: Layer {
    let first: Signal
    let input: Signal
    /// W xₗ + b
    let products: Signal
    package let output: Signal

    package var inputs: [Signal] { [first, input, products] }
    package func pass(in plan: PlanDraft) -> any Pass { CrossMatrixPass(self, plan) }
}

extension Blueprint {
    /// xₗ₊₁ from x₀ and xₗ.
    package mutating func crossMatrix(_ first: Signal, _ input: Signal, name: String) -> Signal {
        let products = dense(input, width: first.width, isHidden: false, name: name, role: .cross)
        return add(
            CrossMatrixLayer(first: first, input: input, products: products, output: signal(width: first.width)))
    }
}

final class CrossMatrixPass: Pass {
    private let first: ArenaBlock
    private let input: ArenaBlock
    private let products: ArenaBlock
    private let output: ArenaBlock

    init(_ layer: CrossMatrixLayer, _ plan: PlanDraft) {
        (first, input) = (plan.block(layer.first), plan.block(layer.input))
        (products, output) = (plan.block(layer.products), plan.block(layer.output))
    }

    func forward(_ shard: Shard) {
        VectorLoops.chosen.pointee.cross_matrix(
            shard.values(first), shard.values(input), shard.values(products), shard.count * output.width,
            shard.values(output))
    }

    func backward(_ shard: Shard) {
        VectorLoops.chosen.pointee.cross_matrix_gradients(
            shard.values(first), shard.values(products), shard.gradients(output), shard.count * output.width,
            shard.gradients(products), shard.gradients(first), shard.gradients(input))
    }
}
