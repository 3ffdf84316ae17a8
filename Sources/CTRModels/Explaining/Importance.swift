import CTRFeatures
import CTRKernels
import CTRNetwork

/// Permutation importance (Breiman, 2001): how much the log loss grows when one feature's values are shuffled among
/// rows, so that it tells nothing any more. Crosses with the feature are shuffled with it.
enum Importance {
    static let rowLimit = 2000

    static func measure(
        _ ensemble: Ensemble, encoder: FeatureEncoder, encoded: EncodedRows, set: TrainingSet, seed: UInt64,
        threads: Int, interruption: Interruption? = nil
    ) throws(CTRError) -> [(feature: String, increase: Double)] {
        var chosen = set.validation.count >= 100 ? set.validation : set.training
        var random = RandomStream(seed: seed, 3)
        random.shuffle(&chosen)
        chosen = Array(chosen.prefix(rowLimit))
        let rows = encoded.select(chosen)
        let labels = chosen.map { set.isClick($0) }
        let weights = chosen.map { set.weight($0) }
        let loss = { (rows: EncodedRows) throws(CTRError) in
            let probabilities = try ensemble.probabilities(
                TrainingRows(rows), threads: threads, interruption: interruption)
            var sum = 0.0, total = 0.0
            for (row, probability) in probabilities.enumerated() {
                sum += weights[row] * LogLoss.loss(probability: probability, label: labels[row])
                total += weights[row]
            }
            return sum / max(total, .leastNormalMagnitude)
        }
        let base = try loss(rows)
        var order = (0..<chosen.count).map { Int32(truncatingIfNeeded: $0) }
        random.shuffle(&order)
        let shuffledOrder = order.map { Int($0) }
        var increases: [(feature: String, increase: Double)] = []
        for (index, feature) in encoder.features.enumerated() {
            try interruption?.check()
            increases.append(
                (feature.spec.name, try loss(encoder.shuffled(rows, feature: index, order: shuffledOrder)) - base))
        }
        return increases
    }
}
