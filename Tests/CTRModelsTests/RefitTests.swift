import CTRKernels
import Testing

@testable import CTRModels

@Suite struct RefitTests {
    private static func table(rows: Int = 600) throws -> Table {
        var stream = RandomStream(seed: 5)
        var (a, labels): ([String?], [Double]) = ([], [])
        for _ in 0..<rows {
            let category = stream.nextIndex(below: 9)
            a.append("a\(category)")
            labels.append(stream.nextFloat() < 0.1 + 0.08 * Float(category) ? 1 : 0)
        }
        return try Table([("a", .text(a)), ("label", .numeric(labels))])
    }

    private static func options(_ change: (inout ModelOptions) -> Void = { _ in }) -> ModelOptions {
        var options = ModelOptions()
        options.hiddenUnits = [8]
        options.epochs = 12
        options.patience = 2
        (options.members, options.crosses) = (1, [])
        change(&options)
        return options
    }

    /// The weights of a training without a validation part, for the number of epochs that was best with one.
    @Test func theWeightsAreThoseOfTheBestNumberOfEpochsOnAllRows() throws {
        let table = try Self.table()
        let model = try CTRModel(Self.options())
        let history = try model.train(table)
        let best = try #require(model.fitted?.summary.bestEpoch)
        let plain = try CTRModel(
            Self.options {
                $0.earlyStopping = false
                $0.epochs = best
            })
        try plain.train(table)
        #expect(try model.predict(table) == plain.predict(table))
        let found = try CTRModel(Self.options { $0.refit = false })
        #expect(try found.train(table).map(\.trainLogLoss) == history.map(\.trainLogLoss))
        #expect(try found.predict(table) != model.predict(table))
        // The metrics are of rows that the measured model had not seen.
        #expect(model.history.allSatisfy { $0.validation != nil })
        #expect(model.options.epochs == 12 && model.options.earlyStopping)
    }

    @Test func withoutAValidationPartThereIsNothingToRefit() throws {
        var epochs = 0
        let model = try CTRModel(
            Self.options {
                $0.validationFraction = 0
                $0.epochs = 3
            })
        try model.train(Self.table()) { told in
            epochs = max(epochs, told.epoch)
            return true
        }
        #expect(epochs == 3)
    }

    @Test func progressCountsOnAndCancels() throws {
        var told: [Int] = []
        let model = try CTRModel(Self.options())
        let history = try model.train(Self.table()) {
            told.append($0.epoch)
            return true
        }
        let best = try #require(model.fitted?.summary.bestEpoch)
        #expect(told.max() == history.count + best)
        let error = #expect(throws: CTRError.self) {
            try model.train(Self.table()) { $0.epoch <= history.count }
        }
        #expect(error?.code == .cancelled)
        #expect(model.fitted?.summary.bestEpoch == best)
    }
}
