import CTRKernels
import Glibc

/// Adam (Kingma and Ba, 2015). On sparse rows it is "lazy": a row's moments move only when the row is touched.
package struct Adam: Optimizer {
    package var rate: Float
    package var beta1: Float = 0.9
    package var beta2: Float = 0.999
    package var epsilon: Float = 1e-8
    private var meanCorrection: Float = 1
    private var squareCorrection: Float = 1

    package init(learningRate: Double) { rate = Float(learningRate) }

    package mutating func beginStep(_ step: Int, rows: Int) {
        meanCorrection = 1 - powf(beta1, Float(step))
        squareCorrection = 1 - powf(beta2, Float(step))
    }

    package func update(
        _ weights: UnsafeMutablePointer<Float>, gradient: UnsafePointer<Float>, state1: UnsafeMutablePointer<Float>,
        state2: UnsafeMutablePointer<Float>, count: Int, frequency: Int
    ) {
        OptimizerKernels.adam(
            weights, gradient: gradient, mean: state1, square: state2, count: count, rate: rate, beta1: beta1,
            beta2: beta2, epsilon: epsilon, meanCorrection: meanCorrection, squareCorrection: squareCorrection)
    }
}
