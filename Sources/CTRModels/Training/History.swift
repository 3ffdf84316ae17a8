import CTRNetwork

/// One epoch of a training.
public struct EpochRecord: Sendable, Equatable {
    /// From 1.
    public var epoch: Int
    /// Mean over the epoch as it went, in nats: of the changing weights, with dropout.
    public var trainLogLoss: Double
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
public struct TrainingProgress: Sendable {
    public var epoch: Int
    public var epochs: Int
    /// Of `rows`, as soon as they are known; the same number marks an epoch's end.
    public var rowsDone: Int
    public var rows: Int
    /// NaN where there is none yet.
    public var trainLogLoss: Double
    /// At an epoch's end, where there is a validation part.
    public var validationLogLoss: Double?
    public var validationAUC: Double?
    public var seconds: Double
}
