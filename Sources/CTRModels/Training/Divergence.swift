import CTRFeatures
import CTRNetwork
import Glibc

/// Tells an epoch that diverged from one that went well, by the log loss of the constant click rate on the same rows: what
/// is many times worse has learnt nothing, finite or not.
struct Divergence {
    /// The constant's log loss, or that of the model that is trained further, where it is worse.
    private var training: Double
    private var validation: Double
    private let options: ModelOptions

    /// Weights larger than this overflow, a few layers on.
    static let largestWeight: Float = 1e8

    init(_ set: TrainingSet, _ options: ModelOptions) {
        self.options = options
        let rate = min(max(set.clickRate, 1e-6), 1 - 1e-6)
        training = Self.constantLoss(set, set.training, rate)
        validation = Self.constantLoss(set, set.validation, rate)
    }

    private static func constantLoss(_ set: TrainingSet, _ rows: [Int32], _ rate: Double) -> Double {
        var (sum, total) = (0.0, 0.0)
        for row in rows {
            sum += set.weight(row) * LogLoss.loss(probability: rate, label: set.isClick(row))
            total += set.weight(row)
        }
        return total > 0 ? sum / total : 0
    }

    /// Takes the losses of the model that is trained further for a measure, too.
    mutating func allow(training: Double) { self.training = max(self.training, training) }
    mutating func allow(validation: Double) { self.validation = max(self.validation, validation) }

    /// Whether the training is to stop after this epoch: from less, many a training with too high a rate comes back.
    func isReached(by record: EpochRecord) -> Bool {
        !(record.trainLogLoss <= 100 * (training + 1) && record.validation?.logLoss ?? 0 <= 100 * (validation + 1))
    }

    /// Whether the epoch's weights may be kept. Of later rows a good training may think worse than the click rate does.
    func allows(_ record: EpochRecord) -> Bool {
        record.trainLogLoss <= 2 * training + 1 && record.validation?.logLoss ?? 0 <= 10 * (validation + 1)
    }

    func error(_ message: String) -> CTRError {
        .invalidArgument(
            "\(message); lower wide_learning_rate (\(options.wideLearningRate)) or deep_learning_rate "
                + "(\(options.deepLearningRate)), or give rows and classes weights nearer to one another")
    }

    func message(_ record: EpochRecord) -> String {
        var losses = "its log loss is \(Self.text(record.trainLogLoss)) nats a row in training"
        if let loss = record.validation?.logLoss { losses += ", \(Self.text(loss)) in validation" }
        return "the training diverged in epoch \(record.epoch): \(losses), "
            + "\(Self.text(training)) by the click rate alone"
    }

    private static func text(_ loss: Double) -> String {
        guard loss.isFinite else { return "not finite" }
        return loss < 1e6 ? "\((loss * 1000).rounded() / 1000)" : "\(loss)"
    }
}
