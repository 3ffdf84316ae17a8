import CTRKernels
import CTRTestSupport
import Synchronization
import Testing

@testable import CTRModels

/// What changes a model while it is in training, from a callback or another thread: no change is lost.
@Suite struct StateChangeTests {
    private let data = MadeTable(rows: 600, sizes: [5], numbers: 1) { $0[0] == 1 ? 1 : $1[0] - 0.5 }

    private func options(_ change: (inout ModelOptions) -> Void = { _ in }) -> ModelOptions {
        var options = ModelOptions()
        (options.hiddenUnits, options.epochs, options.earlyStopping, options.crosses) = ([4], 2, false, [])
        change(&options)
        return options
    }

    /// The training goes on with the options before, and the model has the new ones afterwards: in its file too.
    @Test(arguments: [false, true]) func optionsSetDuringATrainingHold(further: Bool) throws {
        let (model, other, table) = (try CTRModel(options()), try CTRModel(options()), try data.table())
        let changed = options { ($0.epochs, $0.patience, $0.hiddenUnits, $0.dropout) = (9, 7, [3, 3], 0.25) }
        if further { for model in [model, other] { try model.train(table) } }
        let progress: CTRModel.Progress = { _ in
            #expect(throws: Never.self) { try model.setOptions(changed) }
            return true
        }
        try model.fit(further: further, progress: progress) { _ in table }
        try other.fit(further: further, progress: nil) { _ in table }
        #expect(model.options == changed)
        #expect(try model.predict(table) == other.predict(table))
        try other.setOptions(changed)
        #expect(model.fitted?.options == other.fitted?.options)
        #expect(try CTRModel(bytes: model.serialize()).options.patience == 7)
    }

    /// A reset wins: the training is cancelled, at the next callback or where it would have ended.
    @Test(arguments: [1, 2]) func aResetDuringATrainingHolds(epoch: Int) throws {
        let (model, table) = (try CTRModel(options()), try data.table())
        try model.train(table)
        let epochs = Atomic<Int>(0)
        let error = #expect(throws: CTRError.self) {
            try model.continueTraining(table) { state in
                epochs.store(state.epoch, ordering: .relaxed)
                if state.epoch == epoch { model.reset() }
                return true
            }
        }
        #expect(error?.code == .cancelled)
        #expect(error?.message.contains("reset") == true)
        #expect(epochs.load(ordering: .relaxed) == epoch)
        #expect(!model.isTrained)
        #expect(throws: CTRError.self) { try model.setMetadata("text") }
        try model.train(table)
        #expect(model.isTrained)
    }

    /// Between reading the table and the end no callback comes in a training without epochs to tell of.
    @Test func aResetWhileTheTableIsReadHolds() throws {
        let (model, table) = (try CTRModel(options()), try data.table())
        let error = #expect(throws: CTRError.self) {
            try model.fit(further: false, progress: nil) { _ in
                model.reset()
                return table
            }
        }
        #expect(error?.code == .cancelled)
        #expect(!model.isTrained)
    }

    /// Each thread changes an option of its own, always to the next number.
    @Test func optionsChangedByTwoThreadsAreBothKept() throws {
        let model = try CTRModel(options())
        let names = ["epochs", "patience"]
        ThreadPool.shared.run(tasks: 2, threads: 2) { task in
            for value in 1...300 {
                #expect(throws: Never.self) { try model.changeOptions(json: "{\"\(names[task])\": \(value)}") }
            }
        }
        #expect(model.options.epochs == 300)
        #expect(model.options.patience == 300)
    }

    @Test func aLockLetsOneInAtATime() {
        let lock = Lock()
        nonisolated(unsafe) var count = 0
        ThreadPool.shared.run(tasks: 4, threads: 2) { _ in
            for _ in 0..<20_000 {
                lock.withLock {
                    count += 1
                    if !lock.isMine { count = .min }
                }
            }
        }
        #expect(count == 80_000)
        #expect(!lock.isMine)
    }
}
