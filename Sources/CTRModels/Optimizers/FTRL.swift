import CTRKernels

/// FTRL-Proximal with per-coordinate rates (McMahan et al., "Ad Click Prediction: a View from the Trenches", 2013).
///
/// `l1` sets weights to exactly zero, `l2` shrinks them; both count against the summed loss, as in the paper. The state
/// is the paper's z and n.
package struct FTRL: Optimizer {
    package var alpha: Float
    package var beta: Float = 1
    package var l1: Float
    package var l2: Float

    package init(learningRate: Double, l1: Double, l2: Double) {
        alpha = Float(learningRate)
        self.l1 = Float(l1)
        self.l2 = Float(l2)
    }

    package func update(
        _ weights: UnsafeMutablePointer<Float>, gradient: UnsafePointer<Float>, state1: UnsafeMutablePointer<Float>,
        state2: UnsafeMutablePointer<Float>, count: Int
    ) {
        OptimizerKernels.ftrl(
            weights, gradient: gradient, z: state1, n: state2, count: count, alpha: alpha, beta: beta, l1: l1, l2: l2)
    }

    package func adopt(
        _ weights: UnsafePointer<Float>, state1: UnsafeMutablePointer<Float>, state2: UnsafeMutablePointer<Float>,
        count: Int
    ) {
        OptimizerKernels.ftrlState(
            for: weights, z: state1, n: state2, count: count, alpha: alpha, beta: beta, l1: l1, l2: l2)
    }
}
