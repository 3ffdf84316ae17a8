import CTRFeatures
import CTRKernels
import Glibc
import Synchronization

/// A click-through-rate model: made untrained, trained on a table, asked for click probabilities.
///
/// It may be used from many threads. Predictions run while another thread trains, on the model as it was before; a
/// training that fails or is cancelled leaves that model standing. Two trainings run one after the other.
///
/// With the same options, table and seed the weights are the same to the bit, whatever the number of threads, on one
/// kind of processor (the vector loops differ in rounding from one instruction set to the next).
public final class CTRModel: Sendable {
    private struct State {
        var options: ModelOptions
        var fitted: FittedModel?
    }

    private let state: Mutex<State>
    /// The state's part that predictions read.
    private let shelf = ModelShelf()
    private let training = Mutex(())
    /// The thread that holds `training`; 0 for none.
    private let trainingThread = Atomic<UInt>(0)

    /// Called at each epoch's end and about twice a second; returning false cancels the training.
    public typealias Progress = (TrainingProgress) -> Bool

    public init(_ options: ModelOptions = ModelOptions()) throws(CTRError) {
        try options.validate()
        state = Mutex(State(options: options, fitted: nil))
        change { _ in }
    }

    package init(fitted: FittedModel) {
        state = Mutex(State(options: fitted.options, fitted: fitted))
        change { _ in }
    }

    private func change(_ body: (inout State) -> Void) {
        state.withLock { state in
            body(&state)
            shelf.put(ModelShelf.Entry(fitted: state.fitted, workers: state.options.workers))
        }
    }

    package var fitted: FittedModel? { shelf.entry.fitted }

    public var options: ModelOptions { state.withLock { $0.options } }

    /// Changes options for trainings to come, which the model file keeps; a trained model keeps its features, crosses,
    /// parts and layers whatever they say.
    public func setOptions(_ options: ModelOptions) throws(CTRError) {
        try options.validate()
        change { state in
            state.options = options
            state.fitted = state.fitted.map { fitted in
                var kept = options.shaped(as: fitted.options)
                // The state that these left with the weights is read by no other.
                (kept.wideOptimizer, kept.deepOptimizer) = (
                    fitted.options.wideOptimizer, fitted.options.deepOptimizer
                )
                return fitted.with(options: kept)
            }
        }
    }

    /// The same from JSON that names the options to change.
    public func changeOptions(json text: String) throws(CTRError) {
        var changed = options
        try changed.apply(JSON(parsing: text))
        try setOptions(changed)
    }

    public var isTrained: Bool { fitted != nil }

    /// The epochs of all trainings so far.
    public var history: [EpochRecord] { fitted?.summary.history ?? [] }

    /// Trains from nothing. The table holds the features' columns, the label, and where the options name them a weight
    /// and a time column.
    @discardableResult
    public func train(_ table: Table, progress: Progress? = nil) throws(CTRError) -> [EpochRecord] {
        try fit(further: false, progress: progress) { table }
    }

    /// Trains further from the present weights. Values not seen before join the vocabularies; bins stay. An untrained
    /// model is trained from nothing.
    @discardableResult
    public func continueTraining(_ table: Table, progress: Progress? = nil) throws(CTRError) -> [EpochRecord] {
        try fit(further: true, progress: progress) { table }
    }

    /// Trains from nothing, or further, on the table that `read` makes: it is let go of once its rows are encoded.
    @discardableResult
    package func fit(
        further: Bool, progress: Progress?, on read: () throws(CTRError) -> Table
    ) throws(CTRError) -> [EpochRecord] {
        try exclusively { () throws(CTRError) in
            guard further, let fitted else {
                return try publish(ModelTraining.train(read, options: options, progress: progress))
            }
            return try publish(ModelTraining.resume(fitted, read, options: options, progress: progress))
        }
    }

    /// One click probability a row, each independent of the rows beside it.
    public func predict(_ table: Table) throws(CTRError) -> [Double] {
        let fitted = try trained()
        return try fitted.probabilities(table, threads: options.workers)
    }

    /// The same for a borrowed table of `count` rows, straight from its buffers. False, with nothing written, where the
    /// model is untrained or the table has to be read as a whole: then `predict` of the table read answers, or says what
    /// is wrong.
    package func predict(
        _ table: ArrowTable, into output: UnsafeMutablePointer<Double>, count: Int
    ) throws(CTRError) -> Bool {
        let entry = shelf.entry
        guard let fitted = entry.fitted else { return false }
        return try fitted.predict(table, into: output, count: count, threads: entry.workers)
    }

    /// Reads a borrowed table.
    package func read(_ table: ArrowTable) throws(CTRError) -> Table {
        try ArrowReader.read(table, threads: options.workers)
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
        return try fitted.probability(impression)
    }

    /// Makes a log's click history part of the model, with what standardises its first features.
    public func setHistory(_ log: Table, mean: [Double], scale: [Double]) throws(CTRError) {
        try ImpressionHistory.check(mean: mean, scale: scale)
        var history = try ImpressionFeatures.extended(ImpressionHistory(), by: log)
        history.mean = mean
        history.scale = scale
        try exclusively { () throws(CTRError) in
            let renewed = try trained().with(impressions: history)
            change { $0.fitted = renewed }
        }
    }

    /// Adds a later log's records to the click history that is part of the model; what standardises features stays.
    public func extendHistory(_ log: Table) throws(CTRError) {
        try exclusively { () throws(CTRError) in
            let fitted = try trained()
            let history = try ImpressionFeatures.extended(fitted.impressions ?? ImpressionHistory(), by: log)
            let renewed = fitted.with(impressions: history)
            change { $0.fitted = renewed }
        }
    }

    /// Keeps a text with the model, in its file and in `info`, until the model is trained from nothing.
    public func setMetadata(_ text: String) throws(CTRError) {
        guard text.utf8.count <= Self.longestMetadata else {
            throw .invalidArgument("metadata of \(text.utf8.count) bytes; at most \(Self.longestMetadata) are kept")
        }
        try exclusively { () throws(CTRError) in
            let renewed = try trained().with(metadata: text)
            change { $0.fitted = renewed }
        }
    }

    /// In bytes.
    public static let longestMetadata = 1 << 24

    /// Back to untrained; the options stay.
    public func reset() { change { $0.fitted = nil } }

    package func trained() throws(CTRError) -> FittedModel {
        guard let fitted else { throw .notTrained("the model is not trained yet; train it or load one first") }
        return fitted
    }

    private func publish(_ made: FittedModel) -> [EpochRecord] {
        change { $0.fitted = made }
        return made.summary.history
    }

    private func exclusively<Value>(_ body: () throws(CTRError) -> Value) throws(CTRError) -> Value {
        let caller = UInt(pthread_self())
        guard trainingThread.load(ordering: .relaxed) != caller else {
            throw .invalidArgument("a progress callback cannot change the model that is in training")
        }
        var result: Result<Value, CTRError>?
        training.withLock { _ in
            trainingThread.store(caller, ordering: .relaxed)
            defer { trainingThread.store(0, ordering: .relaxed) }
            do throws(CTRError) { result = .success(try body()) } catch { result = .failure(error) }
        }
        guard let result else { throw .internalError("the training did not run") }
        return try result.get()
    }
}
