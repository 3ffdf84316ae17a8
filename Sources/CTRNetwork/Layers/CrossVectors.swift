import CTRKernels

/// The weights of a cross network of vectors, layer after layer, and what follows from them alone.
final class CrossVectors: Sendable {
    let count: Int
    let width: Int
    let weights: [FloatBuffer]
    let biases: [FloatBuffer]
    private let packed: FloatBuffer
    /// Bₗ · wₗ by layer, and B of the output.
    private let constants: FloatBuffer
    private let biasSum: FloatBuffer

    init(weights: [FloatBuffer], biases: [FloatBuffer], width: Int) {
        (count, self.width, self.weights, self.biases) = (weights.count, width, weights, biases)
        packed = FloatBuffer(count: count * width)
        constants = FloatBuffer(count: count)
        biasSum = FloatBuffer(count: width)
        write()
    }

    /// Takes over the weights.
    func write() {
        biasSum.base.update(repeating: 0, count: width)
        for layer in 0..<count {
            let weights = weights[layer].base
            (packed.base + layer * width).update(from: weights, count: width)
            var product: Float = 0
            for column in 0..<width { product += biasSum.base[column] * weights[column] }
            constants.base[layer] = product
            DenseKernels.add(biases[layer].base, to: biasSum.base, count: width)
        }
    }

    /// Lends them to the vector loops.
    func withLoop(_ body: (UnsafePointer<vl_cross>) -> Void) {
        var loop = vl_cross(
            weights: packed.base, constants: constants.base, bias: biasSum.base, layers: count, width: width)
        withExtendedLifetime(self) { body(&loop) }
    }
}
