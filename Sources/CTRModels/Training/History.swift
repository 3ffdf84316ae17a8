import CTRNetwork

/// One epoch of a training.
///
/// ```swift
/// for epoch in model.history {
///     print(epoch.epoch, epoch.trainLogLoss, epoch.validation?.logLoss ?? .nan)
/// }
/// ```
public struct EpochRecord: Sendable, Equatable {
    /// From 1.
    public var epoch: Int
    /// Mean over the epoch as it went, in nats: of the changing weights, with dropout.
    public var trainLogLoss: Double
    /// Of the same predictions.
    public var trainAUC: Double
    /// Of the averaged weights at the epoch's end; nil without a validation part.
    public var validation: Metrics?
    /// Since the training began.
    public var seconds: Double
    /// Training rows a second in this epoch, its validation included.
    public var rowsPerSecond: Double
}

/// What a progress callback is told: at each epoch's end, and about twice a second all through a training. What is done
/// outside epochs (reading, encoding, the search for crosses, importances) is told as the beginning of the next epoch, or
/// of the last one again, of which no row is done and there is no loss yet.
///
/// ```swift
/// try model.train(log) { progress in
///     print("epoch \(progress.epoch): \(progress.rowsDone) of \(progress.rows) rows")
///     return progress.seconds < 60  // false cancels the training: the model stays as it was
/// }
/// ```
public struct TrainingProgress: Sendable {
    /// From 1.
    public var epoch: Int
    /// At most this many; a refit and further models count on from it.
    public var epochs: Int
    /// Of `rows`, as soon as they are known; the same number marks an epoch's end.
    public var rowsDone: Int
    /// Training rows of an epoch; before the first the table's, 1 until it is read.
    public var rows: Int
    /// Running mean over this epoch, in nats; NaN where there is none yet.
    public var trainLogLoss: Double
    /// At an epoch's end, where there is a validation part.
    public var validationLogLoss: Double?
    /// At an epoch's end, where there is a validation part.
    public var validationAUC: Double?
    /// Since the training began.
    public var seconds: Double
    /// Which of the models that answer together is trained, from 1; of a prediction 0.
    public var member = 0
    /// Of how many; of a prediction 0.
    public var members = 0
    /// Whether it is trained on all rows, after one that stopped early.
    public var isRefit = false
}
