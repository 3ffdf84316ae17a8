import Testing

@testable import CTRModels

/// Expected values from scikit-learn 1.9: roc_auc_score, log_loss, precision_recall_fscore_support.
@Suite struct MetricsTests {
    private let labels = [true, false, true, false, false, true, false, true]
    private let probabilities = [0.9, 0.4, 0.4, 0.2, 0.7, 0.6, 0.1, 0.4]

    @Test func plain() {
        let metrics = Metrics(labels: labels, probabilities: probabilities)
        #expect(abs(metrics.auc - 0.75) < 1e-12)
        #expect(abs(metrics.logLoss - 0.5615087622795112) < 1e-12)
        #expect(metrics.accuracy == 0.625)
        #expect(abs(metrics.precision - 2.0 / 3) < 1e-12)
        #expect(metrics.recall == 0.5)
        #expect(abs(metrics.f1 - 4.0 / 7) < 1e-12)
        #expect(abs(metrics.calibration - 3.7 / 4) < 1e-12)
    }

    @Test func weightsCountRowsThatOften() {
        let weights = [1.0, 2, 3, 1, 2, 1, 1, 2]
        var (repeatedLabels, repeatedProbabilities): ([Bool], [Double]) = ([], [])
        for (row, weight) in weights.enumerated() {
            for _ in 0..<Int(weight) {
                repeatedLabels.append(labels[row])
                repeatedProbabilities.append(probabilities[row])
            }
        }
        let weighted = Metrics(labels: labels, probabilities: probabilities, weights: weights)
        let repeated = Metrics(labels: repeatedLabels, probabilities: repeatedProbabilities)
        #expect(abs(weighted.auc - repeated.auc) < 1e-12)
        #expect(abs(weighted.logLoss - repeated.logLoss) < 1e-12)
        #expect(abs(weighted.f1 - repeated.f1) < 1e-12)
    }

    @Test func tiesCountHalf() {
        #expect(Metrics(labels: labels, probabilities: [Double](repeating: 0.3, count: 8)).auc == 0.5)
    }

    @Test func oneClassHasNoAUC() {
        let metrics = Metrics(labels: [true, true], probabilities: [0.2, 1])
        #expect(metrics.auc.isNaN)
        #expect(metrics.logLoss.isFinite)
    }

    @Test func nothingAndNaN() {
        #expect(Metrics(labels: [], probabilities: []).logLoss.isNaN)
        #expect(Metrics(labels: [true, false], probabilities: [.nan, 0.5]).auc.isNaN)
    }
}
