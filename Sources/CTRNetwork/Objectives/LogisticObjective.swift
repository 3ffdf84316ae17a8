import CTRKernels

/// The logistic loss of one logit (Cheng et al., 2016, section 3.3): weight · (−log p) for a click, weight · (−log(1 − p))
/// otherwise.
package struct LogisticObjective: Objective {
    package init() {}

    package func evaluate(
        _ outputs: UnsafePointer<Float>, _ targets: Targets, rows: UnsafeBufferPointer<Int32>,
        losses: UnsafeMutablePointer<Float>, gradient: UnsafeMutablePointer<Float>
    ) {
        for position in 0..<rows.count {
            let row = Int(rows[position])
            let label = targets.labels.base[row * targets.columns]
            let weight = targets.weights.base[row]
            let logit = outputs[position]
            losses[position] = weight * LogLoss.loss(logit: logit, label: label)
            gradient[position] = weight * (DenseKernels.sigmoid(logit) - label)
        }
    }
}
