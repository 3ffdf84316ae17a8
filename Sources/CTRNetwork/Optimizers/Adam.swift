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

    package func slowed(to share: Float) -> Self {
        var slower = self
        slower.rate *= share
        return slower
    }

    package var settings: vl_optimizer {
        var settings = vl_optimizer()
        (settings.kind, settings.rate) = (Int32(VL_ADAM), rate)
        (settings.beta1, settings.beta2, settings.epsilon) = (beta1, beta2, epsilon)
        (settings.mean_correction, settings.square_correction) = (meanCorrection, squareCorrection)
        return settings
    }
}
