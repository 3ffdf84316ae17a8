import CTRKernels
import CTRTestSupport
import Testing

@testable import CTRModels
@testable import CTRNetwork

@Suite struct CTRModelTests {
    /// A table whose clicks depend on a category, a number and one pair of categories.
    private static func table(rows: Int = 2000, seed: UInt64 = 1, label: String = "label") throws -> Table {
        var stream = RandomStream(seed: seed)
        var (a, b, x, labels): ([String?], [String?], [Double], [Double]) = ([], [], [], [])
        for _ in 0..<rows {
            let first = stream.nextIndex(below: 12)
            let second = stream.nextIndex(below: 8)
            let number = Double(stream.nextFloat())
            let logit =
                Float(first % 3) - 1.5 + 2 * Float(number) + (first == 1 && second == 2 ? 3 : 0)
            a.append("a\(first)")
            b.append(second == 7 ? nil : "b\(second)")
            x.append(number < 0.05 ? .nan : number)
            labels.append(stream.nextFloat() < DenseKernels.sigmoid(logit) ? 1 : 0)
        }
        return try Table([("a", .text(a)), ("b", .text(b)), ("x", .numeric(x)), (label, .numeric(labels))])
    }

    private static func options(_ change: (inout ModelOptions) -> Void = { _ in }) -> ModelOptions {
        var options = ModelOptions()
        options.crosses = [["a", "b"]]
        options.hiddenUnits = [16, 8]
        options.epochs = 4
        change(&options)
        return options
    }

    private static func auc(_ model: CTRModel, _ table: Table) throws -> Double {
        guard case .numeric(let labels) = table.column("label") else { return 0 }
        return Metrics(labels: labels.map { $0 == 1 }, probabilities: try model.predict(table)).auc
    }

    @Test(arguments: ModelOptions.Part.allCases) func learns(part: ModelOptions.Part) throws {
        let model = try CTRModel(Self.options { $0.part = part })
        try model.train(Self.table())
        #expect(try Self.auc(model, Self.table(seed: 2)) > 0.7)
        let mean = try model.predict(Self.table(seed: 2)).reduce(0, +) / 2000
        #expect(abs(mean - 0.55) < 0.1)
    }

    @Test func sameBitsOnOneThreadAndOnTwo() throws {
        let data = try Self.table()
        let predictions = try [1, 2, 1, 2].map { threads in
            let model = try CTRModel(
                Self.options {
                    $0.threads = threads; $0.batchSize = 256
                })
            try model.train(data)
            return try model.predict(data)
        }
        for other in predictions.dropFirst() { #expect(other == predictions[0]) }
    }

    @Test func aRowsAnswerDoesNotDependOnItsNeighbours() throws {
        let model = try CTRModel(Self.options())
        let data = try Self.table(rows: 700)
        try model.train(data)
        let all = try model.predict(data)
        for row in [0, 1, 255, 256, 699] {
            #expect(try model.predict(data.select(rows: [row])) == [all[row]])
        }
    }

    @Test func savedModelsPredictTheSameBits() throws {
        let model = try CTRModel(Self.options())
        let data = try Self.table()
        try model.train(data)
        let again = try CTRModel(bytes: model.serialize())
        #expect(try again.predict(data) == model.predict(data))
        #expect(again.history.count == model.history.count)
        #expect(try again.serialize() == model.serialize())
        try again.continueTraining(data)
        try model.continueTraining(data)
        #expect(try again.predict(data) == model.predict(data))
    }

    @Test func continuedTrainingLearnsNewIds() throws {
        let model = try CTRModel(Self.options { $0.validationFraction = 0 })
        try model.train(Self.table(rows: 500))
        let before = model.history.count
        let fresh = try Table([
            ("a", .text([String](repeating: "new", count: 200).map { Optional($0) })),
            ("b", .text([String](repeating: "b1", count: 200).map { Optional($0) })),
            ("x", .numeric([Double](repeating: 0.5, count: 200))),
            ("label", .numeric((0..<200).map { $0 < 190 ? 1 : 0 })),
        ])
        let unknown = try model.predict(fresh.select(rows: [0]))[0]
        try model.continueTraining(fresh)
        #expect(try model.predict(fresh.select(rows: [0]))[0] > unknown)
        #expect(model.history.count > before)
        #expect(model.history.map(\.epoch) == Array(1...model.history.count))
    }

    @Test func aCancelledOrFailedTrainingLeavesTheModel() throws {
        let model = try CTRModel(Self.options())
        let data = try Self.table()
        try model.train(data)
        let before = try model.predict(data)
        let cancelled = #expect(throws: CTRError.self) { try model.train(data) { $0.epoch < 2 } }
        #expect(cancelled?.code == .cancelled)
        let failed = #expect(throws: CTRError.self) { try model.train(Self.table(label: "clicked")) }
        #expect(failed?.code == .invalidData)
        #expect(try model.predict(data) == before)
    }

    @Test func validationByTimeHoldsOutTheLatest() throws {
        var options = Self.options()
        options.time = "t"
        let time = (0..<100).map { Double(($0 * 37) % 100) }
        let set = try TrainingSet(
            rows: TrainingRows(EncodedRows()), labels: (0..<100).map { $0 % 2 == 0 },
            weights: [Double](repeating: 1, count: 100), time: time, options: options)
        #expect(set.validation.map { time[Int($0)] }.min() == 90)
        #expect(set.training.count == 90)
    }

    @Test func stratifiedValidationKeepsTheClickRate() throws {
        let set = try TrainingSet(
            rows: TrainingRows(EncodedRows()), labels: (0..<1000).map { $0 % 5 == 0 },
            weights: [Double](repeating: 1, count: 1000), time: nil, options: ModelOptions())
        #expect(set.validation.count == 100)
        #expect(set.validation.filter { $0 % 5 == 0 }.count == 20)
        #expect(Set(set.validation).isDisjoint(with: set.training))
    }

    @Test func classWeightsMoveTheMean() throws {
        let data = try Self.table()
        let means = try [nil, ModelOptions.ClassWeight.weights(1, 5)].map { weight in
            let model = try CTRModel(Self.options { $0.classWeight = weight })
            try model.train(data)
            return try model.predict(data).reduce(0, +) / 2000
        }
        #expect(means[1] > means[0] + 0.1)
    }

    @Test func optionsOutOfRangeAreNamed() {
        for json in [
            #"{"batch_size": 0}"#, #"{"dropout": 1}"#, #"{"part": "narrow"}"#, #"{"epochs": 1.5}"#,
            #"{"wide_learning_rate": 1e-300}"#, #"{"deep_learning_rate": 1e-45}"#, #"{"colour": 1}"#,
            #"{"wide_learning_rate": 1e39}"#, #"{"dropout": 0.99999999}"#, #"{"l2": 1e300}"#, #"{"l1": 1e21}"#,
            #"{"class_weight": [1, 1e300]}"#, #"{"class_weight": [1e-300, 0]}"#,
            #"{"hidden_units": [0]}"#, #"{"class_weight": [1]}"#, #"{"members": 0}"#, #"{"members": 1.5}"#,
            #"{"crosses": "all"}"#, #"{"crosses": null}"#, #"{"bin_embeddings": 1}"#, "[]", "{",
        ] {
            let error = #expect(throws: CTRError.self) { try ModelOptions(json: json) }
            #expect(error?.code == .invalidArgument)
        }
        let round = try? ModelOptions(json: Self.options().json.text)
        #expect(round == Self.options())
        #expect((try? ModelOptions(json: ModelOptions().json.text)) == ModelOptions())
        #expect((try? ModelOptions(json: #"{"crosses": "auto"}"#))?.crosses == .some(nil))
    }

    @Test func aModelTooLargeForTheMachineIsRefused() throws {
        let model = try CTRModel(Self.options { $0.hiddenUnits = [65536, 65536, 65536] })
        let error = #expect(throws: CTRError.self) { try model.train(Self.table()) }
        #expect(error?.message.contains("hidden_units") == true)
    }

    @Test func aModelThatDivergesSaysSo() throws {
        let model = try CTRModel(
            Self.options {
                $0.wideOptimizer = .adagrad; $0.wideLearningRate = 1e38
            })
        let error = #expect(throws: CTRError.self) { try model.train(Self.table()) }
        #expect(error?.message.contains("learning_rate") == true)
        #expect(!model.isTrained)
    }
}
