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

/// What a progress callback is told: at each epoch's end, and about twice a second within one.
public struct TrainingProgress: Sendable {
    public var epoch: Int
    public var epochs: Int
    public var rowsDone: Int
    public var rows: Int
    public var trainLogLoss: Double
    /// At an epoch's end, where there is a validation part.
    public var validationLogLoss: Double?
    public var validationAUC: Double?
    public var seconds: Double
}
