import CTRKernels
import Testing

@testable import CTRModels

@Suite struct ContinuedTrainingTests {
    /// Clicks depend on a category and a number.
    private static func table(rows: Int = 2000, seed: UInt64 = 1) throws -> Table {
        var stream = RandomStream(seed: seed)
        var (a, x, labels): ([String?], [Double], [Double]) = ([], [], [])
        for _ in 0..<rows {
            let category = stream.nextIndex(below: 12)
            let number = Double(stream.nextFloat())
            a.append("a\(category)")
            x.append(number)
            let logit = 2 * Float(category % 3) - 3 + 2 * Float(number)
            labels.append(stream.nextFloat() < DenseKernels.sigmoid(logit) ? 1 : 0)
        }
        return try Table([("a", .text(a)), ("x", .numeric(x)), ("label", .numeric(labels))])
    }

    private static func options(_ change: (inout ModelOptions) -> Void = { _ in }) -> ModelOptions {
        var options = ModelOptions()
        options.hiddenUnits = [16, 8]
        options.epochs = 4
        options.earlyStopping = false
        change(&options)
        return options
    }

    private static func quality(_ model: CTRModel) throws -> Metrics {
        let table = try Self.table(seed: 2)
        guard case .numeric(let labels) = table.column("label") else { return Metrics(labels: [], probabilities: []) }
        return Metrics(labels: labels.map { $0 == 1 }, probabilities: try model.predict(table))
    }

    /// Another optimiser cannot read the state that the first one left, and takes the weights as they are.
    @Test(arguments: ModelOptions.OptimizerName.allCases, ModelOptions.OptimizerName.allCases)
    func optimizersChange(first: ModelOptions.OptimizerName, second: ModelOptions.OptimizerName) throws {
        func rate(_ name: ModelOptions.OptimizerName) -> Double { name == .adam ? 0.003 : 0.1 }
        func set(_ options: inout ModelOptions, _ name: ModelOptions.OptimizerName) {
            (options.wideOptimizer, options.deepOptimizer) = (name, name)
            (options.wideLearningRate, options.deepLearningRate) = (rate(name), rate(name))
        }
        func keptStates(_ model: CTRModel) throws -> Set<String> {
            let file = try TensorFile(decoding: model.serialize())
            return Set(file.tensors.map { $0.name }.filter { $0.contains("layers.0.weight") })
        }
        let weights = "deep.layers.0.weight"
        let all = [weights, "optimizer.\(weights).1", "optimizer.\(weights).2"]
        let model = try CTRModel(
            Self.options {
                set(&$0, first)
                $0.members = 1
            })
        try model.train(Self.table())
        #expect(try keptStates(model) == Set(all.prefix(1 + first.states)))
        let before = try Self.quality(model)
        try model.setOptions(
            Self.options {
                set(&$0, second)
                ($0.epochs, $0.members) = (1, 1)
            })
        try model.continueTraining(Self.table())
        #expect(try keptStates(model) == Set(all.prefix(1 + second.states)))
        let after = try Self.quality(model)
        #expect(after.logLoss < before.logLoss + 0.02)
    }

    /// FTRL-Proximal derives weights from its state: with other settings the same state would be other weights.
    @Test func ftrlKeepsItsWeightsWhenItsSettingsChange() throws {
        let model = try CTRModel(Self.options { ($0.part, $0.wideLearningRate, $0.l2) = (.wide, 0.3, 20) })
        try model.train(Self.table())
        let before = try Self.quality(model)
        try model.setOptions(
            Self.options {
                $0.part = .wide
                $0.wideLearningRate = 1e-4
                $0.l2 = 1
                $0.epochs = 1
            })
        try model.continueTraining(Self.table())
        #expect(abs(try Self.quality(model).logLoss - before.logLoss) < 0.001)
    }

    /// Its random start is a state too: read as zero, the first step would undo it and leave dead layers.
    @Test func ftrlTrainsTheDeepPart() throws {
        let model = try CTRModel(
            Self.options {
                $0.part = .deep
                $0.deepOptimizer = .ftrl
                $0.epochs = 8
            })
        try model.train(Self.table())
        #expect(try Self.quality(model).auc > 0.8)
    }

    @Test func theBestEpochStaysWhereNoneIsBetter() throws {
        let model = try CTRModel(
            Self.options {
                $0.earlyStopping = true
                $0.epochs = 12
            })
        try model.train(Self.table())
        let best = model.fitted?.summary.bestEpoch
        let before = try Self.quality(model)
        try model.setOptions(
            Self.options {
                $0.earlyStopping = true
                $0.deepLearningRate = 30
                $0.patience = 1
            })
        try model.continueTraining(Self.table())
        #expect(try Self.quality(model) == before)
        #expect(model.fitted?.summary.bestEpoch == best)
    }

    @Test func aSeedThatTheFileCannotHoldIsRefused() throws {
        for seed in [1 << 53, UInt64.max] {
            let error = #expect(throws: CTRError.self) { try CTRModel(Self.options { $0.seed = seed }) }
            #expect(error?.message.contains("random_state") == true)
        }
        let model = try CTRModel(Self.options { $0.seed = 1 << 53 - 1 })
        try model.train(Self.table(rows: 100))
        #expect(try CTRModel(bytes: model.serialize()).options.seed == 1 << 53 - 1)
    }

    @Test(arguments: [1e308, .leastNonzeroMagnitude]) func weightsThatCannotBeScaledAreRefused(weight: Double) throws {
        let model = try CTRModel(Self.options { $0.weight = "w" })
        let table = try Table([
            ("x", .numeric((0..<20).map { Double($0) })), ("w", .numeric([Double](repeating: weight, count: 20))),
            ("label", .numeric((0..<20).map { Double($0 % 2) })),
        ])
        let error = #expect(throws: CTRError.self) { try model.train(table) }
        #expect(error?.code == .invalidData)
    }
}
