import CTRFeatures
import CTRKernels

extension Parameter {
    /// Standard deviation of a new embedding. Much smaller, and the layers above it find that a linear part has learnt
    /// it all.
    private static let embeddingDeviation: Float = 0.3
    /// Of new factors: their products begin as next to nothing beside the linear part.
    private static let factorDeviation: Float = 0.05

    /// A new block, at random by its role: hidden layers by He et al. (2015), cross networks so that they keep their
    /// input's scale. What writes to the logit begins at zero: at first a model is its intercept. `seed` and the name
    /// choose the random stream.
    package convenience init(_ shape: ParameterShape, states: Int = 2, seed: UInt64, threads: Int = 1) {
        self.init(rows: shape.rows, width: shape.width, states: states)
        let inputs = Float(max(shape.rows, 1))
        let deviation: Float
        switch shape.role {
        case .intercept, .linear, .output, .bias, .crossOutput: return
        case .embedding: deviation = Self.embeddingDeviation
        case .factors: deviation = Self.factorDeviation
        case .dense: deviation = (2 / inputs).squareRoot()
        case .cross: deviation = (1 / inputs).squareRoot()
        }
        RandomStream(seed: seed, XXH64.hash(shape.name)).fill(
            weights.base, count: shape.count, deviation: deviation, threads: threads)
    }
}
