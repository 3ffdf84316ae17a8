import CTRKernels

/// FTRL-Proximal with per-coordinate rates (McMahan et al., "Ad Click Prediction: a View from the Trenches", 2013).
///
/// `l1` sets weights to exactly zero, `l2` shrinks them; both count against the summed loss, as in the paper. The state
/// is the paper's z and n.
///
/// The paper sees each row once. Over many epochs the loss is summed many times, and a fixed `l2` would count for less
/// and less beside it: `l2PerRow` adds to it with each row visited, so that the penalty keeps its weight. A frequent
/// id's weight is held by more, in proportion to its rows: what a deep part can learn of it as well is left to that,
/// and the wide part memorises what is rare, and crosses.
package struct FTRL: Optimizer {
    package var alpha: Float
    package var beta: Float = 1
    package var l1: Float
    package var l2: Float
    private let fixedL2: Double
    private let l2PerRow: Double
    private var visited = 0
    /// How many rows double the penalty.
    private static let doublingFrequency: Float = 20

    package init(learningRate: Double, l1: Double, l2: Double, l2PerRow: Double = 0) {
        alpha = Float(learningRate)
        self.l1 = Float(l1)
        self.l2 = Float(l2)
        fixedL2 = l2
        self.l2PerRow = l2PerRow
    }

    package mutating func beginStep(_ step: Int, rows: Int) {
        visited += rows
        l2 = Float(fixedL2 + l2PerRow * Double(visited))
    }

    package func slowed(to share: Float) -> Self {
        var slower = self
        slower.alpha *= share
        return slower
    }

    package var settings: vl_optimizer {
        var settings = vl_optimizer()
        (settings.kind, settings.rate, settings.beta) = (Int32(VL_FTRL), alpha, beta)
        (settings.l1, settings.l2) = (l1, l2)
        return settings
    }

    /// What multiplies `l2` for weights that so many rows have to teach, where a deep part learns from these too.
    static func penaltyScale(frequency: Int32) -> Float { 1 + Float(frequency) / doublingFrequency }

    package func adopt(
        _ weights: UnsafePointer<Float>, state1: UnsafeMutablePointer<Float>, state2: UnsafeMutablePointer<Float>,
        count: Int
    ) {
        OptimizerKernels.ftrlState(
            for: weights, z: state1, n: state2, count: count, alpha: alpha, beta: beta, l1: l1, l2: l2)
    }
}
