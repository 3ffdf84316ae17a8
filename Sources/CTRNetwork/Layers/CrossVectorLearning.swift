import CTRKernels

/// The updates of a cross network of vectors. With σₗ the gradient of xₗ · wₗ, which the way back leaves for each row
/// beside that of x₀ · wₗ, σₗ aₗ, and G that of the output:
///
///     ∂wₗ = Σ over rows of σₗ aₗ x₀ + (Σ σₗ) Bₗ,    ∂bₗ = Σ over rows of G + Σ over later layers k of (Σ σₖ) wₖ
final class CrossVectorLearning: Sendable {
    private let layers: CrossVectors
    private let weights: [Parameter]
    private let biases: [Parameter]
    private let rateShare: Float
    private let input: ArenaBlock
    private let output: ArenaBlock
    private let products: ArenaBlock
    private let scales: ArenaBlock

    init(_ layer: CrossVectorLayer, _ layers: CrossVectors, _ plan: PlanDraft) {
        self.layers = layers
        weights = layer.weights.map { plan.network.parameters[$0] }
        biases = layer.biases.map { plan.network.parameters[$0] }
        rateShare = layer.weights.first.map { plan.network.blueprint.parameters[$0].rateShare } ?? 1
        (input, output) = (plan.block(layer.input), plan.block(layer.output))
        (products, scales) = (plan.block(layer.products), plan.block(layer.scales))
    }

    func addUpdates(to list: inout UpdateList) {
        // Of weights and of biases, and one that both are put together with.
        list.add(.product, floats: (2 * layers.count + 1) * layers.width) { [self] step, memory in
            let (width, gradient) = (layers.width, memory.gradient.base)
            gradients(step, into: gradient)
            for layer in 0..<layers.count {
                step.update(weights[layer], rows: 0..<width, sum: gradient + layer * width, rateShare: rateShare)
                step.update(biases[layer], rows: 0..<1, sum: gradient + (layers.count + layer) * width)
            }
            layers.write()
        }
    }

    private func gradients(_ step: BatchStep, into gradient: UnsafeMutablePointer<Float>) {
        let (count, width) = (layers.count, layers.width)
        let (ofBiases, sum) = (gradient + count * width, gradient + 2 * count * width)
        let loops = VectorLoops.chosen.pointee
        gradient.update(repeating: 0, count: count * width)
        for row in 0..<step.count {
            for layer in 0..<count {
                loops.add_scaled(
                    step.values(input) + row * width, step.gradients(products)[row * count + layer],
                    gradient + layer * width, width)
            }
        }
        func slope(_ layer: Int) -> Float {
            (0..<step.count).reduce(0) { $0 + step.gradients(scales)[$1 * count + layer] }
        }
        DenseKernels.columnSums(step.gradients(output), into: sum, rows: step.count, width: width)
        for layer in (0..<count).reversed() {
            (ofBiases + layer * width).update(from: sum, count: width)
            loops.add_scaled(layers.weights[layer].base, slope(layer), sum, width)
        }
        sum.update(repeating: 0, count: width)
        for layer in 0..<count {
            loops.add_scaled(sum, slope(layer), gradient + layer * width, width)
            DenseKernels.add(layers.biases[layer].base, to: sum, count: width)
        }
    }
}
