import CTRKernels

/// A factorization machine's products of all pairs of fields (Rendle, "Factorization Machines", 2010, equation 1), batch × 1:
///
///     y = Σ over i < j of ⟨vᵢ, vⱼ⟩ = ½ Σ over k of ((Σᵢ vᵢₖ)² − Σᵢ vᵢₖ²)
///
/// The fields' vectors, all of one width, are the first columns of its input.
package struct PairsLayer: Layer {
    let input: Signal
    let fields: Int
    let width: Int
    /// Σᵢ vᵢ, kept for the way back: batch × width.
    let sums: Signal
    package let output: Signal

    package var inputs: [Signal] { [input] }
    package var addsGradients: Bool { true }

    package func columns(of input: Signal) -> Range<Int> { 0..<fields * width }
    package func pass(in plan: PlanDraft) -> any Pass { PairsPass(self, plan) }
}

extension Blueprint {
    /// Of the first `fields` × `width` columns, batch × 1.
    package mutating func pairs(_ input: Signal, fields: Int, width: Int) -> Signal {
        let sums = signal(width: width)
        return add(PairsLayer(input: input, fields: fields, width: width, sums: sums, output: signal(width: 1)))
    }
}

final class PairsPass: Pass {
    private let fields: Int
    private let width: Int
    private let input: ArenaBlock
    private let sums: ArenaBlock
    private let output: ArenaBlock

    init(_ layer: PairsLayer, _ plan: PlanDraft) {
        (fields, width) = (layer.fields, layer.width)
        (input, sums, output) = (plan.block(layer.input), plan.block(layer.sums), plan.block(layer.output))
    }

    func forward(_ shard: Shard) {
        VectorLoops.chosen.pointee.pairs(
            shard.values(input), input.width, shard.count, fields, width, shard.values(sums), shard.values(output))
    }

    func backward(_ shard: Shard) {
        VectorLoops.chosen.pointee.pairs_gradients(
            shard.values(input), input.width, shard.count, fields, width, shard.values(sums), shard.gradients(output),
            shard.gradients(input))
    }
}
