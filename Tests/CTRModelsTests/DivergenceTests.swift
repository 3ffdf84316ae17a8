import CTRKernels
import CTRTestSupport
import Testing

@testable import CTRModels
@testable import CTRNetwork

/// Trainings that go wrong: an error that says so, or a model whose answers make sense.
@Suite struct DivergenceTests {
    private static let rates = [1e-20, 1e-3, 0.5, 10, 1e3, 1e6, 1e12, 1e20]

    private static func table(rows: Int = 600, seed: UInt64 = 1) throws -> Table {
        try MadeTable(rows: rows, seed: seed, sizes: [5, 40], numbers: 2) { categories, numbers in
            2 * numbers[0] - 1.5 + (categories[0] == 1 ? 1 : 0)
        }.table()
    }

    private static func options(_ change: (inout ModelOptions) -> Void = { _ in }) -> ModelOptions {
        var options = ModelOptions()
        (options.epochs, options.hiddenUnits, options.members, options.crosses) = (4, [16, 8], 2, [])
        change(&options)
        return options
    }

    /// A model's answers and losses make sense, and are the same from its file.
    private static func expectSane(_ model: CTRModel, on table: Table) throws {
        let answers = try model.predict(table)
        #expect(answers.allSatisfy { 0...1 ~= $0 })
        let labels = (table.column("label")?.asNumeric() ?? []).map { $0 == 1 }
        let loss = Metrics(labels: labels, probabilities: answers).logLoss
        #expect(loss < 3, "\(loss) nats")
        #expect(model.history.allSatisfy { $0.trainLogLoss < 20 && $0.validation?.logLoss ?? 0 < 20 })
        #expect(!model.history.isEmpty)
        let again = try CTRModel(bytes: model.serialize())
        #expect(try again.predict(table) == answers)
        #expect(again.infoText == model.infoText)
    }

    @Test(arguments: ModelOptions.Part.allCases, ModelOptions.OptimizerName.allCases)
    func anyRateEndsInSenseOrInAnError(part: ModelOptions.Part, optimizer: ModelOptions.OptimizerName) throws {
        let table = try Self.table()
        var failed = 0
        for rate in Self.rates {
            for early in [true, false] {
                let model = try CTRModel(
                    Self.options {
                        ($0.part, $0.wideOptimizer, $0.deepOptimizer) = (part, optimizer, optimizer)
                        ($0.wideLearningRate, $0.deepLearningRate, $0.earlyStopping) = (rate, rate, early)
                    })
                do throws(CTRError) {
                    try model.train(table)
                } catch {
                    failed += 1
                    #expect(error.code == .invalidArgument && rate > 0.5)
                    #expect(error.message.contains("diverged") && error.message.contains("learning_rate (\(rate)"))
                    #expect(!model.isTrained)
                    continue
                }
                try Self.expectSane(model, on: table)
            }
        }
        #expect(failed < 2 * Self.rates.count - 4)
    }

    @Test(arguments: ModelOptions.OptimizerName.allCases)
    func aTrainingThatGoesOnWithAnyRateLeavesSense(optimizer: ModelOptions.OptimizerName) throws {
        let table = try Self.table()
        let options = Self.options { ($0.wideOptimizer, $0.deepOptimizer) = (optimizer, optimizer) }
        let first = try CTRModel(options)
        try first.train(table)
        let file = try first.serialize()
        for rate in Self.rates {
            for rows in [40, 600] {
                let model = try CTRModel(bytes: file)
                var changed = options
                (changed.wideLearningRate, changed.deepLearningRate) = (rate, rate)
                try model.setOptions(changed)
                let before = try model.serialize()
                let more = try Self.table(rows: rows, seed: 2)
                do throws(CTRError) {
                    try model.continueTraining(more)
                } catch {
                    #expect(error.message.contains("diverged") && rate > 0.5)
                    #expect(try model.serialize() == before)
                }
                try Self.expectSane(model, on: table)
            }
        }
    }

    /// Some good epochs, then one that is not: the good ones' weights come back, and the model says so.
    @Test(arguments: [true, false]) func theBestWeightsComeBack(isValidated: Bool) throws {
        let options = Self.options { ($0.epochs, $0.earlyStopping) = (6, isValidated) }
        let table = try Self.table()
        let encoder = try FeatureEncoder(fitting: table, specs: FeatureSpec.infer(from: table, except: ["label"].exact))
        let labels = (table.column("label")?.asNumeric() ?? []).map { $0 == 1 }
        let set = try TrainingSet(
            rows: TrainingRows(encoder.encode(table)), labels: labels,
            weights: [Double](repeating: 1, count: labels.count), time: nil, options: options)
        #expect(set.validation.isEmpty != isValidated)
        func trained(epochs: Int, struck: Bool) throws -> (Network, Trainer.Outcome) {
            var own = options
            own.epochs = epochs
            let network = try Network(Blueprint(ModelInputs(encoder, own))) { Parameter($0, seed: 1) }
            var trainer = Trainer(model: network, set: set, options: own)
            trainer.reports = ProgressReports(
                { progress in
                    if struck, progress.epoch == 3, progress.rowsDone == progress.rows {
                        for (shape, block) in network.blocks where [.dense, .output].contains(shape.role) {
                            for index in 0..<block.weights.count { block.weights.base[index] *= 1000 }
                        }
                    }
                    return true
                }, epochs: epochs, every: 3600)
            return (network, try trainer.run())
        }
        let (network, outcome) = try trained(epochs: 6, struck: true)
        let message = try #require(outcome.divergence)
        #expect(
            message.contains("epoch 4: its log loss is") && message.contains("those of epoch \(outcome.bestEpoch);"))
        #expect(outcome.history.count == 3 && outcome.isSpoilt != isValidated)
        #expect(isValidated ? 1...3 ~= outcome.bestEpoch : outcome.bestEpoch == 3)
        guard isValidated else { return }
        let (plain, _) = try trained(epochs: outcome.bestEpoch, struck: false)
        for (one, other) in zip(network.parameters, plain.parameters) {
            #expect(one.weights.array == other.weights.array)
        }
    }

    @Test func ordinaryTrainingsSayNothing() throws {
        let model = try CTRModel(Self.options())
        try model.train(Self.table())
        #expect(!model.infoText.contains("divergence"))
    }
}
