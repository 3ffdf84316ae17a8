import Glibc

/// The logistic loss of a logit: -log p for a click, -log(1 - p) otherwise, in nats; stable for any finite logit.
package enum LogLoss {
    package static func loss(logit: Float, label: Float) -> Float {
        max(logit, 0) - logit * label + log1pf(expf(-abs(logit)))
    }

    /// Of a probability; kept 1e-15 away from 0 and 1, as scikit-learn does for doubles.
    package static func loss(probability: Double, label: Bool) -> Double {
        let kept = min(max(probability, 1e-15), 1 - 1e-15)
        return label ? -log(kept) : -log1p(-kept)
    }
}
