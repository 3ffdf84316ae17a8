import CTRKernels
import CTRNetwork

/// How good probabilities are, given the labels. Weights, where given, count each row that many times.
///
/// ```swift
/// let metrics = Metrics(labels: [true, false, true, false], probabilities: [0.9, 0.4, 0.3, 0.2])
/// print(metrics.auc, metrics.accuracy, metrics.precision)  // 0.75 0.75 1.0
/// ```
public struct Metrics: Sendable, Equatable {
    /// In nats.
    public var logLoss = Double.nan
    /// Area under the ROC curve, ties counted half; NaN with one class only.
    public var auc = Double.nan
    /// Share of rows that are on the right side of the threshold 0.5.
    public var accuracy = Double.nan
    /// Share of clicks among the rows above the threshold; 0 where there is none.
    public var precision = 0.0
    /// Share of clicks that are above the threshold; 0 where there is none.
    public var recall = 0.0
    /// Harmonic mean of precision and recall; 0 where both are.
    public var f1 = 0.0
    /// Mean probability ÷ click rate; NaN without clicks.
    public var calibration = Double.nan
    /// Expected calibration error: the mean distance of probability and click rate over ten bins of equal size.
    public var calibrationError = Double.nan

    /// Of a probability a label.
    public init(labels: [Bool], probabilities: [Double], weights: [Double]? = nil) {
        let count = min(labels.count, probabilities.count, weights?.count ?? .max)
        guard count > 0 else { return }
        let weight = { (row: Int) in weights.map { $0[row] } ?? 1 }
        var total = 0.0, clicks = 0.0, loss = 0.0, sum = 0.0, right = 0.0, hits = 0.0, shown = 0.0
        for row in 0..<count {
            let rowWeight = weight(row)
            total += rowWeight
            loss += rowWeight * LogLoss.loss(probability: probabilities[row], label: labels[row])
            sum += rowWeight * probabilities[row]
            let predicted = probabilities[row] > 0.5
            if predicted == labels[row] { right += rowWeight }
            if predicted { shown += rowWeight }
            if labels[row] {
                clicks += rowWeight
                if predicted { hits += rowWeight }
            }
        }
        guard total > 0 else { return }
        logLoss = loss / total
        accuracy = right / total
        precision = shown > 0 ? hits / shown : 0
        recall = clicks > 0 ? hits / clicks : 0
        f1 = precision + recall > 0 ? 2 * precision * recall / (precision + recall) : 0
        calibration = clicks > 0 ? sum / clicks : .nan
        let order = Self.order(probabilities, count)
        auc = Self.auc(order, labels, probabilities, weight)
        calibrationError = Self.calibrationError(order, labels, probabilities, weight)
    }

    /// The area under the ROC curve alone, of any scores.
    static func auc(labels: [Bool], scores: [Double], weights: [Double]) -> Double {
        let count = min(labels.count, scores.count, weights.count)
        return auc(order(scores, count), labels, scores) { weights[$0] }
    }

    /// The rows in ascending order of probability, equal ones as they come; NaN last.
    private static func order(_ probabilities: [Double], _ count: Int) -> [Int] {
        let sorter = RadixSorter(capacity: count)
        // 32 bits at a time leave room for the row below.
        let keys = probabilities.prefix(count).map(RadixSorter.key)
        for row in 0..<count { sorter.values[row] = keys[row] << 32 | UInt64(row) }
        sorter.sort(count: count, shift: 32, bits: 32)
        for index in 0..<count {
            let row = sorter.values[index] & 0xFFFF_FFFF
            sorter.values[index] = keys[Int(row)] & ~0xFFFF_FFFF | row
        }
        sorter.sort(count: count, shift: 32, bits: 32)
        return (0..<count).map { Int(sorter.values[$0] & 0xFFFF_FFFF) }
    }

    /// Over rows in ascending order of probability: the share of (click, no click) pairs in the right order.
    private static func auc(
        _ order: [Int], _ labels: [Bool], _ probabilities: [Double], _ weight: (Int) -> Double
    ) -> Double {
        var below = 0.0, pairs = 0.0, clicks = 0.0
        var start = 0
        while start < order.count {
            var end = start
            var tiedClicks = 0.0, tiedOthers = 0.0
            while end < order.count, probabilities[order[end]] == probabilities[order[start]] {
                if labels[order[end]] { tiedClicks += weight(order[end]) } else { tiedOthers += weight(order[end]) }
                end += 1
            }
            if end == start { return .nan }  // NaN probabilities equal nothing
            pairs += tiedClicks * (below + tiedOthers / 2)
            below += tiedOthers
            clicks += tiedClicks
            start = end
        }
        return clicks > 0 && below > 0 ? pairs / (clicks * below) : .nan
    }

    private static func calibrationError(
        _ order: [Int], _ labels: [Bool], _ probabilities: [Double], _ weight: (Int) -> Double
    ) -> Double {
        let bins = 10
        var error = 0.0, total = 0.0
        for bin in 0..<bins {
            var sum = 0.0
            for index in (bin * order.count / bins)..<((bin + 1) * order.count / bins) {
                let row = order[index]
                sum += weight(row) * (probabilities[row] - (labels[row] ? 1 : 0))
                total += weight(row)
            }
            error += abs(sum)
        }
        return total > 0 ? error / total : .nan
    }
}
