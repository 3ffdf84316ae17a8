import CTRTestSupport
import Testing

@testable import CTRModels

/// Which of the crosses found a trained model keeps.
@Suite struct CrossChoiceTests {
    /// `effect` is of a pair; beside it c2 and x0 tell something, each by itself.
    private static func made(effect: Double, seed: UInt64 = 1, rows: Int = 1500) -> MadeTable {
        MadeTable(rows: rows, seed: seed, sizes: [6, 6, 4], numbers: 1) { categories, numbers in
            ((categories[0] + categories[1]) % 2 == 0 ? effect : -effect) + 0.4 * Double(categories[2]) - 0.6
                + numbers[0] - 0.5
        }
    }

    private static func options(_ change: (inout ModelOptions) -> Void = { _ in }) -> ModelOptions {
        var options = ModelOptions()
        (options.hiddenUnits, options.epochs, options.members) = ([16], 8, 1)
        change(&options)
        return options
    }

    private static func loss(_ history: [EpochRecord]) throws -> Double {
        let losses = history.compactMap { $0.validation?.logLoss }
        return try #require(losses.min())
    }

    private static func trained(
        _ table: Table, _ change: (inout ModelOptions) -> Void = { _ in }
    ) throws -> (model: CTRModel, loss: Double, epochsTold: Int) {
        let model = try CTRModel(options(change))
        var told = 0
        let history = try model.train(table) {
            told = max(told, $0.epoch)
            return true
        }
        return (model, try loss(history), told)
    }

    @Test func aPairThatPaysIsKeptAndTold() throws {
        let made = Self.made(effect: 2)
        let (model, loss, _) = try Self.trained(made.table()) { $0.part = .wide }
        let summary = try #require(model.fitted).summary
        #expect(summary.crosses.first?.features == ["c0", "c1"])
        #expect(summary.crosses == (try made.crosses { $0.part = .wide }))
        #expect(model.fitted?.encoder.crosses.first?.name == "c0×c1")
        #expect(try loss < Self.trained(made.table()) { ($0.part, $0.crosses) = (.wide, []) }.loss - 0.1)
        let again = try CTRModel(bytes: model.serialize())
        #expect(again.fitted?.summary.crosses == summary.crosses)
        let told = try #require(try JSON(parsing: again.infoText)["crosses_found"]?.arrayValue?.first)
        #expect(told["features"] == ["c0", "c1"])
        #expect(told["gain"]?.doubleValue == summary.crosses.first?.gain)
        #expect(again.options.crosses == nil)
        #expect(try JSON(parsing: again.infoText)["options"]?["crosses"] == "auto")
    }

    @Test(arguments: [1, 2, 3] as [UInt64]) func whatAddsUpKeepsNone(seed: UInt64) throws {
        let made = MadeTable(rows: 1500, seed: seed, sizes: [5, 6, 4], numbers: 1) { categories, numbers in
            0.8 * Double(categories[0] - 2) + 0.5 * Double(categories[1] - 3) + 3 * (numbers[0] - 0.5)
        }
        let (model, _, _) = try Self.trained(made.table())
        #expect(model.fitted?.summary.crosses == [])
        #expect(model.fitted?.encoder.crosses.isEmpty == true)
    }

    /// Two features of two values each: the deep part learns by itself what the pair tells, so chance decides which of
    /// the two trainings is better on the validation part. That one is kept, whichever it is.
    @Test func theBetterTrainingIsKept() throws {
        var dropped = 0
        for seed in 1...4 as ClosedRange<UInt64> {
            let made = MadeTable(rows: 1200, seed: seed, sizes: [2, 2, 3]) { categories, _ in
                categories[0] == categories[1] ? 1.5 : -1.5
            }
            let table = try made.table()
            let found = try made.crosses()
            #expect(found.first?.features == ["c0", "c1"])
            let set = { (options: inout ModelOptions) in (options.hiddenUnits, options.epochs) = ([32], 25) }
            let auto = try Self.trained(table, set)
            let plain = try Self.trained(table) {
                set(&$0)
                $0.crosses = []
            }
            let crossed = try Self.trained(table) {
                set(&$0)
                $0.crosses = found.map(\.features)
            }
            #expect(auto.loss == min(plain.loss, crossed.loss))
            let keeps = crossed.loss < plain.loss
            let fitted = try #require(auto.model.fitted)
            #expect(fitted.summary.crosses == (keeps ? found : []))
            #expect(fitted.encoder.crosses.count == fitted.summary.crosses.count)
            let better = keeps ? crossed : plain
            #expect(try auto.model.predict(table) == better.model.predict(table))
            #expect(auto.model.history.map(\.trainLogLoss) == better.model.history.map(\.trainLogLoss))
            // The other training was told of as well.
            #expect(auto.epochsTold > better.epochsTold)
            dropped += keeps ? 0 : 1
        }
        #expect(dropped > 0)
    }

    @Test func crossesGivenAreTaken() throws {
        let made = Self.made(effect: 2)
        let (model, _, _) = try Self.trained(made.table()) { $0.crosses = [["c1", "c2"]] }
        #expect(model.fitted?.encoder.crosses.map(\.name) == ["c1×c2"])
        #expect(model.fitted?.summary.crosses == [])
        #expect(try Self.trained(made.table()) { $0.part = .deep }.model.fitted?.encoder.crosses.isEmpty == true)
    }

    @Test func continuedTrainingKeepsThem() throws {
        let made = Self.made(effect: 2)
        let (model, _, _) = try Self.trained(made.table()) { $0.part = .wide }
        let before = model.fitted?.summary.crosses
        try model.continueTraining(Self.made(effect: 0, seed: 2).table())
        #expect(model.fitted?.summary.crosses == before)
        #expect(model.fitted?.encoder.crosses.first?.name == "c0×c1")
    }

    /// The search's own additive model learns at its own pace, whatever the wide part's optimiser is set to.
    @Test func theSearchDoesNotDependOnTheWideOptimizersRate() throws {
        let made = MadeTable(rows: 3000, sizes: [5, 6, 4], numbers: 1) { categories, numbers in
            0.8 * Double(categories[0] - 2) + 0.5 * Double(categories[1] - 3) + 3 * (numbers[0] - 0.5)
        }
        for (optimizer, rate) in [(.adam, 0.001), (.ftrl, 0.01)] as [(ModelOptions.OptimizerName, Double)] {
            let found = try made.crosses { ($0.wideOptimizer, $0.wideLearningRate) = (optimizer, rate) }
            #expect(found.allSatisfy { $0.gain < 0.005 })
        }
    }
}
