import CTRKernels
import CTRTestSupport
import Glibc
import Synchronization
import Testing

@testable import CTRModels

@Suite struct InterruptionTests {
    /// Trains without a pause between questions, and says no to question `last`.
    private static func questions(
        _ model: CTRModel, _ table: Table, further: Bool, sayNoTo last: Int = .max
    ) throws -> [TrainingProgress] {
        var told: [TrainingProgress] = []
        let caller = pthread_self()
        let progress: CTRModel.Progress = { progress in
            #expect(pthread_equal(pthread_self(), caller) != 0)
            told.append(progress)
            return told.count < last
        }
        do throws(CTRError) {
            try model.fit(further: further, progress: progress, every: 0) { _ in table }
        } catch {
            #expect(error.code == .cancelled && told.count == last)
        }
        return told
    }

    private static func options(_ change: (inout ModelOptions) -> Void = { _ in }) -> ModelOptions {
        var options = ModelOptions()
        (options.epochs, options.hiddenUnits, options.members) = (2, [8], 2)
        change(&options)
        return options
    }

    private static func table(seed: UInt64 = 1) throws -> Table {
        try MadeTable(rows: 2000, seed: seed, sizes: [9, 7, 30], numbers: 2) { categories, numbers in
            (categories[0] + categories[1]) % 2 == 0 ? 1.5 : -1.5 + numbers[0]
        }.table()
    }

    /// Whatever question is answered by no, also the last one, the model is as it was.
    @Test(arguments: [false, true]) func noToAnyQuestionChangesNothing(further: Bool) throws {
        // On one thread the questions are the same each time.
        let options = Self.options { $0.threads = 1 }
        let model = try CTRModel(options)
        if further { try model.train(Self.table()) }
        let before = further ? try model.serialize() : []
        let more = try Self.table(seed: 2)
        let whole = try CTRModel(options)
        if further { try whole.train(Self.table()) }
        let count = try Self.questions(whole, more, further: further).count
        #expect(count > 100)
        for question in [1, 2, 3, 5, 8, 20, count / 3, count / 2, count - 20, count - 2, count - 1, count] {
            #expect(try Self.questions(model, more, further: further, sayNoTo: question).count == question)
            #expect(model.isTrained == further)
            if further { #expect(try model.serialize() == before) }
        }
    }

    @Test func allPartsOfATrainingAsk() throws {
        let table = try Self.table()
        let model = try CTRModel(Self.options { $0.crosses = nil })
        let told = try Self.questions(model, table, further: false)
        let silent = try CTRModel(Self.options { $0.crosses = nil })
        try silent.train(table)
        #expect(try silent.predict(table) == model.predict(table))
        // Before the first epoch the encoding and the search for crosses, after the last one the importances.
        let firstEpoch = told.firstIndex { $0.rowsDone > 0 } ?? 0
        #expect(firstEpoch > 300)
        let lastEnd = told.lastIndex { $0.rowsDone == $0.rows } ?? 0
        #expect(told.count - lastEnd > 6)
        for (before, after) in zip(told, told.dropFirst()) { #expect(before.seconds <= after.seconds) }
        for progress in told {
            #expect(1...progress.epochs ~= progress.epoch && 0...progress.rows ~= progress.rowsDone)
            #expect(progress.rowsDone > 0 || progress.trainLogLoss.isNaN)
        }
        // One model after the other, the second on all rows.
        #expect(told.allSatisfy { $0.members == 2 && ($0.member == 2) == $0.isRefit })
        #expect(zip(told, told.dropFirst()).allSatisfy { $0.member <= $1.member } && told.last?.member == 2)
        // Each epoch ends once, one after the other.
        let ends = told.filter { $0.rowsDone == $0.rows }.map(\.epoch)
        #expect(ends == Array(1...ends.count))
    }

    @Test func onlyTheOwnersThreadAsks() {
        let asked = Atomic<Int>(0)
        let interruption = Interruption(every: 0) {
            asked.add(1, ordering: .relaxed)
            return false
        }
        let seen = Atomic<Int>(0)
        // While the others work, the owner asks.
        ThreadPool.shared.run(
            tasks: 2, threads: 2,
            whileWaiting: {
                #expect(interruption.isCancelled)
            }
        ) { task in
            if task == 0 { return }
            let end = Monotonic.seconds() + 5
            while !interruption.isCancelled, Monotonic.seconds() < end { usleep(1000) }
            seen.add(1, ordering: .relaxed)
        }
        #expect(seen.load(ordering: .relaxed) == 1)
        #expect(asked.load(ordering: .relaxed) == 1 && interruption.isCancelled)
        #expect(asked.load(ordering: .relaxed) == 1)
    }

    @Test func asksWhenItIsTime() {
        var asked = 0
        let interruption = Interruption(every: 3600) {
            asked += 1
            return true
        }
        for _ in 0..<100 { #expect(!interruption.isCancelled) }
        #expect(asked == 0 && !interruption.ask() && asked == 1)
    }
}
