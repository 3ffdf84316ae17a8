import CTRKernels
import CTRTestSupport
import Testing

@testable import CTRFeatures
@testable import CTRModels
@testable import CTRNetwork

@Suite struct ExplanationTests {
    /// Clicks depend on a category, a number and words; x is missing here and there, "rare" comes once.
    private static func table(rows: Int = 400, seed: UInt64 = 1) throws -> Table {
        var stream = RandomStream(seed: seed)
        var (a, b, x, words, labels): ([String?], [String?], [Double], [[String]], [Double]) = ([], [], [], [], [])
        for row in 0..<rows {
            let (first, second, number) = (
                stream.nextIndex(below: 4), stream.nextIndex(below: 3), Double(stream.nextFloat())
            )
            a.append(row == 7 ? "rare" : "a\(first)")
            b.append(second == 2 ? nil : "b\(second)")
            x.append(number < 0.05 ? .nan : number)
            words.append((0..<second).map { "w\((first + $0) % 5)" })
            labels.append(stream.nextFloat() < DenseKernels.sigmoid(Float(first) - 2 + Float(number)) ? 1 : 0)
        }
        return try Table([
            ("a", .text(a)), ("b", .text(b)), ("x", .numeric(x)), ("words", .lists(words)),
            ("label", .numeric(labels)),
        ])
    }

    private static func trained(_ change: (inout ModelOptions) -> Void = { _ in }) throws -> CTRModel {
        var options = ModelOptions()
        options.features = [
            FeatureSpec("a", .categorical), FeatureSpec("b", .categorical), FeatureSpec("x", .numeric),
            FeatureSpec("words", .multi),
        ]
        options.crosses = [["a", "b"], ["a", "x"]]
        (options.hiddenUnits, options.epochs, options.members) = ([8], 3, 1)
        change(&options)
        let model = try CTRModel(options)
        try model.train(table())
        return model
    }

    private static func row(
        a: String?, b: String?, x: Double = 0.5, words: [String] = [], label: Double = 0
    ) throws -> Table {
        try Table([
            ("a", .text([a])), ("b", .text([b])), ("x", .numeric([x])), ("words", .lists([words])),
            ("label", .numeric([label])),
        ])
    }

    private static func values(_ model: CTRModel, _ table: Table) throws -> [String: JSON] {
        let explanation = try #require(try JSON(parsing: model.explanationText(table)).arrayValue?.first)
        let terms = try #require(explanation["wide"]?.arrayValue)
        return Dictionary(uniqueKeysWithValues: terms.map { ($0["feature"]?.stringValue ?? "", $0["value"] ?? .null) })
    }

    @Test(arguments: ModelOptions.Part.allCases) func theTermsAreTheLogit(part: ModelOptions.Part) throws {
        let model = try Self.trained { $0.part = part }
        let table = try Self.table(rows: 300, seed: 2)
        let predictions = try model.predict(table)
        let explanations = try #require(try JSON(parsing: model.explanationText(table)).arrayValue)
        #expect(explanations.count == 300)
        for (explanation, prediction) in zip(explanations, predictions) {
            let number = { (key: String) in Float(explanation[key]?.doubleValue ?? .nan) }
            let terms = try #require(explanation["wide"]?.arrayValue)
            var sum = number("bias")
            for term in terms { sum += Float(term["weight"]?.doubleValue ?? .nan) }
            #expect(sum + number("deep") == number("logit"))
            #expect(explanation["probability"]?.doubleValue == prediction)
            #expect(DenseKernels.probability(number("logit")) == prediction)
            #expect(terms.count == (part == .deep ? 0 : 6))
            #expect((number("deep") == 0) == (part == .wide))
        }
    }

    /// Of several models, each term is their mean.
    @Test func theTermsOfAnEnsembleAreMeans() throws {
        let model = try Self.trained { $0.members = 3 }
        let fitted = try #require(model.fitted)
        let table = try Self.table(rows: 50, seed: 2)
        let rows = TrainingRows(try fitted.encoder.encode(table))
        let predictions = try model.predict(table)
        for (row, explanation) in try fitted.explain(table).enumerated() {
            func mean(_ value: (Network) throws -> Float) rethrows -> Float {
                try fitted.ensemble.members.reduce(0) { try $0 + value($1) } / 3
            }
            #expect(abs(explanation.bias - mean { $0.intercept }) < 1e-6)
            let deep = try mean { try #require(Ensemble([$0]).terms(rows, row: row).first { $0.part == .deep }).logit }
            #expect(abs(explanation.deep - deep) < 1e-5)
            for (index, term) in explanation.wide.enumerated() {
                let weight = mean { Ensemble([$0]).linearTerm(index, rows, row: row) }
                #expect(abs(term.weight - weight) < 1e-6)
            }
            let sum = explanation.wide.reduce(explanation.bias + explanation.deep) { $0 + $1.weight }
            #expect(abs(sum - explanation.logit) < 1e-5)
            #expect(explanation.probability == predictions[row])
            #expect(DenseKernels.probability(explanation.logit) == predictions[row])
        }
        #expect(Set(fitted.ensemble.members.map(\.intercept)).count == 3)
    }

    @Test func weightsAreThoseOfTheModel() throws {
        let model = try Self.trained { $0.part = .wide }
        let fitted = try #require(model.fitted)
        let explanation = try fitted.explain(Self.row(a: "a1", b: "b0", words: ["w1", "w2", "nobody"]))[0]
        let layers = Dictionary(
            uniqueKeysWithValues: fitted.ensemble.members[0].linearWeights.map { ($0.feature.name, $0.weights) })
        let vocabularies = Dictionary(
            uniqueKeysWithValues: fitted.encoder.features.compactMap { feature -> (String, Vocabulary)? in
                switch feature.state {
                case .categorical(let vocabulary), .multi(let vocabulary): (feature.spec.name, vocabulary)
                case .numeric: nil
                }
            })
        func weight(_ feature: String, _ category: String) throws -> Float {
            let vocabulary = try #require(vocabularies[feature])
            let row = category.withUTF8Bytes { vocabulary.view.row(of: $0) }
            return try #require(layers[feature]).base[Int(row)]
        }
        let terms = Dictionary(uniqueKeysWithValues: explanation.wide.map { ($0.feature, $0.weight) })
        #expect(terms["a"] == (try weight("a", "a1")))
        #expect(terms["b"] == (try weight("b", "b0")))
        let mean = (try weight("words", "w1") + weight("words", "w2") + weight("words", "nobody")) / 3
        #expect(terms["words"] == mean)
        #expect(terms["a"] != 0 && terms["words"] != 0)
    }

    @Test func valuesAreTheTables() throws {
        let model = try Self.trained()
        let known = try Self.values(model, Self.row(a: "a1", b: "b0", words: ["w1", "nobody", "w2"]))
        #expect(known["a"] == "a1")
        #expect(known["b"] == "b0")
        #expect(known["words"] == ["w1", ["unknown": "nobody"], "w2"])
        #expect(known["a×b"] == ["a1", "b0"])
        let unknown = try Self.values(model, Self.row(a: "nobody", b: "\"new\" 中文"))
        #expect(unknown["a"] == ["unknown": "nobody"])
        #expect(unknown["b"] == ["unknown": "\"new\" 中文"])
        #expect(unknown["a×b"] == ["unknown": [["unknown": "nobody"], ["unknown": "\"new\" 中文"]]])
        #expect(unknown["words"] == [])
        let missing = try Self.values(model, Self.row(a: "a1", b: nil, x: .nan))
        #expect(missing["b"] == .null)
        #expect(missing["x"] == .null)
        #expect(missing["a×b"] == ["a1", .null])
        #expect(missing["a×x"] == ["a1", .null])
        // Both members are known, the combination is not: "rare" came once, beside another number.
        guard case .numeric(let numbers) = try Self.table().column("x") else { return #expect(Bool(false)) }
        for (x, isKnown) in [(numbers[7], true), (numbers[7] < 0.5 ? 0.9 : 0.1, false)] {
            let rare = try Self.values(model, Self.row(a: "rare", b: "b0", x: x))
            #expect(rare["a"] == "rare")
            #expect((rare["a×x"]?["unknown"] == nil) == isKnown)
            #expect((isKnown ? rare["a×x"] : rare["a×x"]?["unknown"])?.arrayValue?.first == "rare")
        }
    }

    @Test func aBinHoldsItsValue() throws {
        let model = try Self.trained()
        for x in [-5, 0.06, 0.3, 0.77, 0.95, 7] {
            let bin = try #require(try Self.values(model, Self.row(a: "a1", b: "b0", x: x))["x"])
            #expect(bin["from"]?.doubleValue ?? -.infinity <= x)
            #expect(x < bin["to"]?.doubleValue ?? .infinity)
            #expect((bin["from"] == .null) == (x == -5))
            #expect((bin["to"] == .null) == (x == 7))
        }
    }

    @Test func everyIDHasItsBounds() {
        let bins = NumericBins(edges: [1, 2, 4], modes: [0, 3])
        #expect(
            (0..<7).map { bins.match(of: $0) } == [
                .missing, .bin(from: 0, to: 0), .bin(from: 3, to: 3), .bin(from: nil, to: 1), .bin(from: 1, to: 2),
                .bin(from: 2, to: 4), .bin(from: 4, to: nil),
            ])
        #expect(bins.match(of: bins.withEdges { $0.encode(3) }.id) == .bin(from: 3, to: 3))
        #expect(bins.match(of: bins.withEdges { $0.encode(3.5) }.id) == .bin(from: 2, to: 4))
        #expect(NumericBins(fitting: []).match(of: 1) == .bin(from: nil, to: nil))
    }

    @Test func numbersAsCategoriesAndColumnsAsAList() throws {
        var options = ModelOptions()
        options.features = [
            FeatureSpec("id", .categorical), FeatureSpec("ids", .multi, columns: ["i", "j"]),
        ]
        (options.hiddenUnits, options.epochs, options.minimumCount) = ([4], 1, 1)
        func table(_ ids: [Double], _ i: [Double], _ j: [Double]) throws -> Table {
            try Table([
                ("id", .numeric(ids)), ("i", .numeric(i)), ("j", .numeric(j)),
                ("label", .numeric(ids.indices.map { Double($0 % 2) })),
            ])
        }
        let model = try CTRModel(options)
        let ids = (0..<60).map { Double($0 % 6 + 1) }
        try model.train(table(ids, ids, ids.map { $0 == 3 ? 0 : $0 + 1 }))
        let values = try Self.values(model, table([2], [5], [0]))
        #expect(values == ["id": "2", "ids": ["5"]])
        #expect(
            try Self.values(model, table([9.5], [3], [99])) == [
                "id": ["unknown": "9.5"], "ids": ["3", ["unknown": "99"]],
            ])
    }

    @Test func noRowsSomeRowsTooManyRows() throws {
        let model = try Self.trained()
        #expect(try model.explain(Self.table(rows: 10).select(rows: [])).isEmpty)
        #expect(try JSON(parsing: model.explanationText(Self.table(rows: 1000))).arrayValue?.count == 1000)
        let refused = #expect(throws: CTRError.self) { try model.explain(Self.table(rows: 1001)) }
        #expect(refused?.code == .invalidArgument)
        #expect(refused?.message.contains("1001") == true)
        let untrained = #expect(throws: CTRError.self) { try CTRModel().explain(Self.table(rows: 1)) }
        #expect(untrained?.code == .notTrained)
        let narrow = #expect(throws: CTRError.self) { try model.explain(Table([("a", .text(["a1"]))])) }
        #expect(narrow?.code == .invalidData)
    }

    @Test func aLogitThatIsNoNumberExplainsNothing() throws {
        let model = try Self.trained()
        try #require(model.fitted).ensemble.members[0].intercept = .infinity
        let error = #expect(throws: CTRError.self) { try model.explain(Self.row(a: "a1", b: "b0")) }
        #expect(error?.code == .invalidData)
        #expect(error?.message.contains("row 0") == true)
    }
}
