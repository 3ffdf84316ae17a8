import CTRNetwork

/// The rows of a search for crosses: which fold each is in, its label and its weight.
struct PairFolds: Sendable {
    let count: Int
    let fold: [Int]
    let labels: [Bool]
    let weights: [Double]

    var totalWeight: Double { weights.reduce(0, +) }

    /// The mean log loss of these logits.
    func logLoss(_ logits: [Float]) -> Double {
        var sum = 0.0
        for row in logits.indices {
            sum += weights[row] * Double(LogLoss.loss(logit: logits[row], label: labels[row] ? 1 : 0))
        }
        return sum / totalWeight
    }
}
