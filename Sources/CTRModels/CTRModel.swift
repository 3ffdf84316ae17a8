import CTRFeatures
import CTRKernels
import CTRNetwork

/// A click-through-rate model: made untrained, trained on a table, asked for click probabilities.
///
/// ```swift
/// let model = try CTRModel()
/// try model.train(log)
/// let probabilities = try model.predict(page)
/// ```
///
/// It may be used from many threads. Predictions run while another thread trains, on the model as it was before; a
/// training that fails or is cancelled leaves that model standing. Two trainings run one after the other.
///
/// With the same options, table and seed the weights are the same to the bit, whatever the number of threads, on one
/// kind of processor (the vector loops differ in rounding from one instruction set to the next).
public final class CTRModel: Sendable {
    private let shared: SharedState
    private let training = Lock()

    /// What watches a training and may cancel it.
    ///
    /// Called at each epoch's end, about twice a second all through a training, and before its model takes the old one's
    /// place; returning false cancels the training.
    public typealias Progress = (TrainingProgress) -> Bool

    /// An untrained model. Throws where an option is out of its range, or is one that this kind of model does not read.
    public init(_ options: ModelOptions = ModelOptions()) throws(CTRError) {
        try options.validate()
        shared = SharedState(.init(options: options))
    }

    package init(fitted: FittedModel) {
        shared = SharedState(.init(options: fitted.options, fitted: fitted))
    }

    package var fitted: FittedModel? { shared.predicting.fitted }

    /// The options as they were given or set last; of a trained model with the schema that it was trained with.
    public var options: ModelOptions { shared.state.options }

    /// Changes options for trainings to come, which the model file keeps; a trained model keeps its features, crosses,
    /// parts and layers whatever they say. A training that goes on goes on with those before, and leaves these.
    public func setOptions(_ options: ModelOptions) throws(CTRError) {
        try changeOptions { changed in changed = options }
    }

    /// The same from JSON that names the options to change: `{"epochs": 3, "deep_learning_rate": 0.03}`.
    public func changeOptions(json text: String) throws(CTRError) {
        let json = try JSON(parsing: text)
        try changeOptions { (changed) throws(CTRError) in try changed.apply(json) }
    }

    private func changeOptions(_ body: (inout ModelOptions) throws(CTRError) -> Void) throws(CTRError) {
        try shared.change { (state) throws(CTRError) in
            try body(&state.options)
            try state.options.validate()
            state.optionChanges += 1
            state.fitted = state.fitted?.keeping(state.options)
        }
    }

    /// Whether it can predict.
    public var isTrained: Bool { fitted != nil }

    /// The epochs of all trainings so far.
    public var history: [EpochRecord] { fitted?.summary.history ?? [] }

    /// Trains from nothing. The table holds the features' columns, the label, and where the options name them a weight
    /// and a time column. Returns the epochs.
    @discardableResult
    public func train(_ table: Table, progress: Progress? = nil) throws(CTRError) -> [EpochRecord] {
        try fit(further: false, progress: progress) { _ in table }
    }

    /// Trains further from the present weights. Values not seen before join the vocabularies; bins stay. An untrained
    /// model is trained from nothing.
    @discardableResult
    public func continueTraining(_ table: Table, progress: Progress? = nil) throws(CTRError) -> [EpochRecord] {
        try fit(further: true, progress: progress) { _ in table }
    }

    /// Trains from nothing, or further, on the table that `read` makes: it is let go of once its rows are encoded.
    /// Until the new model takes the old one's place `progress` may cancel it, and is asked about twice a second; after
    /// that nothing does.
    @discardableResult
    package func fit(
        further: Bool, progress: Progress?, every interval: Double = Interruption.usualInterval, on read: Read
    ) throws(CTRError) -> [EpochRecord] {
        try exclusively { () throws(CTRError) in
            let before = shared.state
            ThreadPool.shared.start(threads: before.options.workers)
            let goesOn: Progress = { [shared] state in
                (progress?(state) ?? true) && shared.state.resets == before.resets
            }
            let members = (further ? before.fitted?.options : nil)?.members ?? before.options.members
            let reports = ProgressReports(goesOn, epochs: before.options.epochs, members: members, every: interval)
            let made: FittedModel
            do throws(CTRError) {
                if further, let fitted = before.fitted {
                    made = try ModelTraining.resume(fitted, read, options: before.options, reports: reports)
                } else {
                    made = try ModelTraining.train(read, options: before.options, reports: reports)
                }
                try reports?.ask()
            } catch {
                throw error.code == .cancelled && shared.state.resets != before.resets ? Self.resetMeanwhile : error
            }
            try shared.change { (state) throws(CTRError) in
                guard state.resets == before.resets else { throw Self.resetMeanwhile }
                state.fitted = state.optionChanges == before.optionChanges ? made : made.keeping(state.options)
            }
            return made.summary.history
        }
    }

    /// Makes a table.
    package typealias Read = (Interruption?) throws(CTRError) -> Table

    private static var resetMeanwhile: CTRError {
        .cancelled("the model was reset during its training, which was cancelled; it is untrained")
    }

    /// One click probability a row, each independent of the rows beside it.
    public func predict(_ table: Table) throws(CTRError) -> [Double] {
        let fitted = try trained()
        return try fitted.probabilities(table, threads: options.workers)
    }

    /// The same for a borrowed table of `count` rows, straight from its buffers. Nothing is written where it throws.
    package func predict(
        _ table: ArrowTable, into output: UnsafeMutablePointer<Double>, count: Int, progress: Progress? = nil
    ) throws(CTRError) {
        let (fitted, workers) = shared.predicting
        guard let fitted else { throw Self.notTrained }
        let interruption = progress.map { progress in
            let begin = Monotonic.seconds()
            return Interruption(cancelled: "the prediction was cancelled; nothing was written") {
                progress(
                    TrainingProgress(
                        epoch: 0, epochs: 0, rowsDone: 0, rows: count, trainLogLoss: .nan, validationLogLoss: nil,
                        validationAUC: nil, seconds: max(Monotonic.seconds() - begin, 0)))
            }
        }
        try fitted.predict(table, into: output, count: count, threads: workers, interruption: interruption)
    }

    /// Reads a borrowed table.
    package func read(_ table: ArrowTable, interruption: Interruption? = nil) throws(CTRError) -> Table {
        let workers = shared.predicting.workers
        ThreadPool.shared.start(threads: workers)
        return try ArrowReader.read(table, threads: workers, interruption: interruption)
    }

    /// The click probability of one impression, with the click history that `setHistory` left.
    public func predictCTR(_ impression: Impression) throws(CTRError) -> Double {
        try impression.withBorrowed { borrowed in
            Result { () throws(CTRError) in try predictCTR(borrowed) }
        }.get()
    }

    /// As above, from memory that the caller lends: no copy is made of the texts.
    package func predictCTR(_ impression: BorrowedImpression) throws(CTRError) -> Double {
        let fitted = try trained()
        let (position, score) = (impression.position, impression.score)
        guard position >= 0 else { throw .invalidArgument("position = \(position); a position is not negative") }
        guard score.isFinite else { throw .invalidArgument("score = \(score); a score is a finite number") }
        let words = impression.wordCount
        if words > Self.fewWords {
            try Memory.require(Memory.bytes(words, each: 64), for: "the impression's \(words) words")
        }
        return try fitted.probability(impression)
    }

    /// So many take no memory to speak of.
    private static let fewWords = 10_000

    /// Makes a log's click history part of the model, with what standardises its first features.
    public func setHistory(_ log: Table, mean: [Double], scale: [Double]) throws(CTRError) {
        try ImpressionHistory.check(mean: mean, scale: scale)
        var history = try ImpressionFeatures.extended(ImpressionHistory(), by: log)
        history.mean = mean
        history.scale = scale
        try exclusively { () throws(CTRError) in
            try renew { $0.with(impressions: history) }
        }
    }

    /// Adds a later log's records to the click history that is part of the model; what standardises features stays.
    public func extendHistory(_ log: Table) throws(CTRError) {
        try exclusively { () throws(CTRError) in
            let history = try ImpressionFeatures.extended(trained().impressions ?? ImpressionHistory(), by: log)
            try renew { $0.with(impressions: history) }
        }
    }

    /// Keeps a text with the model, in its file and in `info`, until the model is trained from nothing.
    public func setMetadata(_ text: String) throws(CTRError) {
        try Self.checkMetadata(text.utf8.count)
        try exclusively { () throws(CTRError) in
            try renew { $0.with(metadata: text) }
        }
    }

    /// The most metadata that a model keeps, in bytes.
    public static let longestMetadata = 1 << 24

    package static func checkMetadata(_ length: Int) throws(CTRError) {
        guard length <= longestMetadata else {
            throw .invalidArgument("metadata of \(length) bytes; at most \(longestMetadata) are kept")
        }
        try requireMemory(ofText: length, "metadata")
    }

    /// Asks for the memory of a call's small things.
    package static func requireMemory() throws(CTRError) { try Memory.require(0, for: "a call") }

    /// Asks for the memory of a caller's text, as a string and as what is read from it.
    package static func requireMemory(ofText length: Int, _ name: String) throws(CTRError) {
        // A short text takes none to speak of.
        guard length > 1 << 16 else { return }
        try Memory.require(Memory.bytes(length, each: 32), for: "\(name), a text of \(length) bytes")
    }

    /// Back to untrained; the options stay. A training that goes on is cancelled.
    public func reset() {
        shared.change { state in
            state.fitted = nil
            state.resets += 1
        }
    }

    package func trained() throws(CTRError) -> FittedModel {
        guard let fitted else { throw Self.notTrained }
        return fitted
    }

    /// Makes the trained model anew from what it is now, whatever options were set meanwhile.
    private func renew(_ body: (FittedModel) -> FittedModel) throws(CTRError) {
        try shared.change { (state) throws(CTRError) in
            guard let fitted = state.fitted else { throw Self.notTrained }
            state.fitted = body(fitted)
        }
    }

    private static var notTrained: CTRError { .notTrained("the model is not trained yet; train it or load one first") }

    private func exclusively<Value>(_ body: () throws(CTRError) -> Value) throws(CTRError) -> Value {
        guard !training.isMine else {
            throw .invalidArgument("a progress callback cannot change the model that is in training")
        }
        return try training.withLock(body)
    }
}
