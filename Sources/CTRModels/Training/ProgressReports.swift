import CTRFeatures
import CTRKernels
import CTRNetwork

/// What the caller of a training is told, and asked: whether it goes on. One for all the models that are trained in it,
/// whose epochs count on from one another.
///
/// Work outside epochs is told as the beginning of the epoch that follows: no row done, no loss yet.
final class ProgressReports {
    let interruption: Interruption
    private let state: State

    private final class State {
        let progress: CTRModel.Progress
        let begin = Monotonic.seconds()
        var now: TrainingProgress
        /// Epochs that ended before the present model's.
        var earlier = 0

        init(_ progress: @escaping CTRModel.Progress, epochs: Int, members: Int) {
            self.progress = progress
            now = TrainingProgress(
                epoch: 1, epochs: epochs, rowsDone: 0, rows: 1, trainLogLoss: .nan, validationLogLoss: nil,
                validationAUC: nil, seconds: 0, member: 1, members: members)
        }

        func tell(_ told: TrainingProgress) -> Bool {
            var told = told
            told.seconds = max(Monotonic.seconds() - begin, 0)
            return progress(told)
        }
    }

    /// Nil where nobody is to be told.
    init?(_ progress: CTRModel.Progress?, epochs: Int, members: Int = 1, every interval: Double) {
        guard let progress else { return nil }
        let state = State(progress, epochs: epochs, members: members)
        self.state = state
        interruption = Interruption(every: interval) { state.tell(state.now) }
    }

    /// Until an epoch begins, `rows` are the table's.
    func begin(rows: Int) { state.now.rows = max(rows, 1) }

    /// Which model the epochs that follow are of.
    func begin(member: Int, isRefit: Bool = false) { (state.now.member, state.now.isRefit) = (member, isRefit) }

    func begin(epoch: Int, of epochs: Int, rows: Int) {
        (state.now.epoch, state.now.epochs) = (state.earlier + epoch, state.earlier + epochs)
        (state.now.rows, state.now.rowsDone, state.now.trainLogLoss) = (rows, 0, .nan)
    }

    /// Within an epoch: told when it is time to.
    func update(rowsDone: Int, trainLogLoss: Double) {
        (state.now.rowsDone, state.now.trainLogLoss) = (rowsDone, trainLogLoss)
    }

    func end(_ record: EpochRecord) throws(CTRError) {
        var told = state.now
        (told.rowsDone, told.trainLogLoss) = (told.rows, record.trainLogLoss)
        (told.validationLogLoss, told.validationAUC) = (record.validation?.logLoss, record.validation?.auc)
        let goesOn = state.tell(told)
        (state.now.rowsDone, state.now.trainLogLoss) = (0, .nan)
        state.now.epoch = min(state.now.epoch + 1, state.now.epochs)
        if !goesOn { interruption.cancel() }
        try interruption.check()
    }

    /// The next model's epochs count on from so many of this one.
    func endTraining(epochs: Int) { state.earlier += epochs }

    /// The last question, before the new model takes the old one's place.
    func ask() throws(CTRError) {
        interruption.ask()
        try interruption.check()
    }
}
