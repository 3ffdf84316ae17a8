import Testing

@testable import CTRModels
@testable import CTRNetwork

/// Continued training on new rows with old ones replayed beside them.
@Suite struct ReplayTests {
    private static func options(_ change: (inout ModelOptions) -> Void = { _ in }) -> ModelOptions {
        var options = ModelOptions()
        options.features = [FeatureSpec("a", .categorical), FeatureSpec("m", .multi)]
        options.crosses = []
        options.hiddenUnits = [4]
        options.epochs = 3
        options.earlyStopping = false
        change(&options)
        return options
    }

    private static func table(_ categories: [String], replayed: [Double]? = nil) throws -> Table {
        var columns: [(String, Column)] = [
            ("a", .text(categories)), ("m", .lists(categories.map { [$0, "always"] })),
            ("label", .numeric(categories.indices.map { Double($0 % 2) })),
        ]
        if let replayed { columns.append(("old", .numeric(replayed))) }
        return try Table(columns)
    }

    private static func counts(_ model: CTRModel, _ feature: String) -> [String: Int] {
        for found in model.fitted?.encoder.features ?? [] where found.spec.name == feature {
            switch found.state {
            case .categorical(let vocabulary), .multi(let vocabulary):
                return Dictionary(uniqueKeysWithValues: zip(vocabulary.values.strings, vocabulary.counts))
            case .numeric: break
            }
        }
        return [:]
    }

    private static func continued(_ replayed: [Double]) throws -> CTRModel {
        let model = try CTRModel(Self.options())
        try model.train(Self.table(["p", "p", "q", "q", "p", "q"]))
        try model.setOptions(Self.options { $0.replay = "old" })
        try model.continueTraining(Self.table(["p", "q", "new", "new"], replayed: replayed))
        return model
    }

    @Test func replayedRowsAreNotCountedAgain() throws {
        let model = try Self.continued([1, 1, 0, 0])
        #expect(Self.counts(model, "a") == ["p": 3, "q": 3, "new": 2])
        #expect(Self.counts(model, "m") == ["p": 3, "q": 3, "new": 2, "always": 8])
        #expect(model.fitted?.summary.rows == 8)
        #expect(Self.counts(try Self.continued([0, 0, 0, 0]), "a") == ["p": 4, "q": 4, "new": 2])
    }

    @Test func newRowsAreVisitedMoreOften() throws {
        let rows = TrainingRows(EncodedRows())
        let set = try TrainingSet(
            rows: rows, labels: [true, false, true], weights: [1, 1, 1], time: nil,
            options: Self.options(), isFirst: false, replayed: [true, false, true])
        let visits = (0..<3).map { row in set.training.count(where: { $0 == row }) }
        #expect(visits == [1, TrainingSet.newRowVisits, 1])
    }

    @Test func aFirstTrainingTakesEveryRowForNew() throws {
        let model = try CTRModel(Self.options { $0.replay = "old" })
        try model.train(Self.table(["p", "p", "q", "q"], replayed: [1, 1, 1, 1]))
        #expect(Self.counts(model, "a") == ["p": 2, "q": 2])
        #expect(model.fitted?.summary.rows == 4)
    }

    @Test func theReplayColumnIsNoFeatureAndHoldsZeroOrOne() throws {
        let model = try CTRModel(Self.options { ($0.features, $0.replay) = (nil, "old") })
        try model.train(Self.table(["p", "p", "q", "q"], replayed: [0, 0, 0, 0]))
        #expect(model.fitted?.encoder.features.map(\.spec.name) == ["a", "m"])
        let wrong: [([Double]?, String)] = [([0, 2, 0, 0], "'old', row 1"), (nil, "no replay column 'old'")]
        for (values, message) in wrong {
            let error = #expect(throws: CTRError.self) {
                try model.continueTraining(Self.table(["p", "p", "q", "q"], replayed: values))
            }
            #expect(error?.code == .invalidData)
            #expect(error?.message.contains(message) == true)
        }
    }

    /// Importances cannot be measured on a few new rows: those of the last whole training stand.
    @Test func importancesStand() throws {
        let model = try CTRModel(Self.options())
        try model.train(Self.table(["p", "p", "q", "q", "p", "q"]))
        let before = model.fitted?.summary.importances.map(\.increase)
        try model.setOptions(Self.options { $0.replay = "old" })
        try model.continueTraining(Self.table(["p", "q"], replayed: [0, 1]))
        #expect(model.fitted?.summary.importances.map(\.increase) == before)
    }

    @Test func onlyTheNewestEpochsAreKept() throws {
        let model = try CTRModel(Self.options { $0.epochs = ModelTraining.historyLimit - 1 })
        let table = try Self.table(["p", "q"])
        try model.train(table)
        try model.setOptions(Self.options { $0.epochs = 3 })
        try model.continueTraining(table)
        #expect(model.history.count == ModelTraining.historyLimit)
        #expect(model.history.last?.epoch == ModelTraining.historyLimit + 2)
    }

    @Test func metadataIsKeptUntilTheModelIsTrainedFromNothing() throws {
        let model = try CTRModel(Self.options())
        #expect(throws: CTRError.self) { try model.setMetadata("x") }
        let table = try Self.table(["p", "p", "q", "q"])
        try model.train(table)
        try model.setMetadata("记录 \"a\"")
        try model.continueTraining(table)
        let read = try CTRModel(bytes: model.serialize())
        #expect(read.fitted?.metadata == "记录 \"a\"")
        #expect(read.infoText.contains(#""metadata":"记录 \"a\"""#))
        let error = #expect(throws: CTRError.self) {
            try model.setMetadata(String(repeating: "a", count: CTRModel.longestMetadata + 1))
        }
        #expect(error?.code == .invalidArgument)
        try model.train(table)
        #expect(model.fitted?.metadata == "")
    }

    /// The file keeps the options set last; what the model is made of stays as it is.
    @Test func optionsSetAfterTrainingAreKept() throws {
        let model = try CTRModel(Self.options())
        try model.train(Self.table(["p", "p", "q", "q"]))
        try model.setOptions(Self.options { ($0.epochs, $0.hiddenUnits, $0.part) = (9, [64], .wide) })
        let read = try CTRModel(bytes: model.serialize())
        #expect(read.options.epochs == 9)
        #expect(read.options.hiddenUnits == [4])
        #expect(read.options.part == .wideDeep)
    }

    @Test func historyGrows() throws {
        let log = { (documents: [String], clicked: [Double]) throws(CTRError) in
            try Table([
                ("query", .text(documents.map { _ in "q" })), ("doc_id", .text(documents)),
                ("summary", .text(documents)), ("query_words", .lists(documents.map { [$0] })),
                ("summary_words", .lists(documents.map { [$0] })), ("position", .numeric(clicked)),
                ("doc_length", .numeric(clicked)), ("score", .numeric(clicked)), ("clicked", .numeric(clicked)),
                ("timestamp", .text(documents)),
            ])
        }
        let grown = try CTRModel(Self.options())
        try grown.train(Self.table(["p", "p", "q", "q"]))
        #expect(throws: CTRError.self) { try CTRModel().extendHistory(log(["d"], [1])) }
        try grown.setHistory(log(["d", "e"], [1, 0]), mean: [1], scale: [2])
        try grown.extendHistory(log(["e", "f"], [1, 0]))
        let whole = try CTRModel(bytes: grown.serialize())
        try whole.setHistory(log(["d", "e", "e", "f"], [1, 0, 1, 0]), mean: [1], scale: [2])
        #expect(grown.fitted?.impressions == whole.fitted?.impressions)
    }
}
