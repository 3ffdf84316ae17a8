import CTRKernels

/// AdaGrad, diagonal (Duchi, Hazan and Singer, 2011). Rarely seen weights keep a large step, which suits embeddings.
package struct AdaGrad: Optimizer {
    package var rate: Float
    /// Where the sum of squared gradients begins. Near zero the first step would be `rate` for every weight, whatever its
    /// gradient, and could push whole ReLU layers below zero at once.
    package var initial: Float

    package init(learningRate: Double, initial: Double = 1e-2) {
        rate = Float(learningRate)
        self.initial = Float(initial)
    }

    package func slowed(to share: Float) -> Self {
        var slower = self
        slower.rate *= share
        return slower
    }

    package var settings: vl_optimizer {
        var settings = vl_optimizer()
        (settings.kind, settings.rate, settings.initial) = (Int32(VL_ADAGRAD), rate, initial)
        return settings
    }
}
