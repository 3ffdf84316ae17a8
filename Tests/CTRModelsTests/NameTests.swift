import CTRKernels
import CTRTestSupport
import Testing

@testable import CTRModels
@testable import CTRNetwork

/// Features whose names could be taken for others' in the file, in crosses, in maps by name.
@Suite struct NameTests {
    private static let names = [
        "\u{E9}", "e\u{301}", "\u{301}mark", "layers.0", "layers.0.weight", "x", "x.pending", "x.embedding", "bias",
        "members.1", "queries", "a", "\"\\\n", "",
    ]

    private static func table(seed: UInt64) throws -> Table {
        var made = MadeTable(rows: 400, seed: seed, sizes: names.map { _ in 5 }) { categories, _ in
            categories.enumerated().reduce(-1) { $0 + Double($1.element - 2) * ($1.offset % 2 == 0 ? 0.4 : -0.3) }
        }
        // Seen first and last alike: nothing but the names tells the columns' places apart.
        made.numbers = []
        return try made.table()
    }

    private static func options() -> ModelOptions {
        var options = ModelOptions()
        options.features = names.enumerated().map { FeatureSpec($1, .categorical, columns: ["c\($0)"]) }
        (options.hiddenUnits, options.epochs, options.members, options.threads) = ([8], 2, 2, 1)
        options.crosses = [["\u{E9}", "a"], ["e\u{301}", "a"]]
        return options
    }

    @Test func everyFeatureHasItsOwnTensorsAndWeights() throws {
        let model = try CTRModel(Self.options())
        try model.train(Self.table(seed: 1))
        let bytes = try model.serialize()
        let tensors = try TensorFile(decoding: bytes).tensors.map { ExactText($0.name) }
        for name in Self.names {
            #expect(tensors.contains(ExactText("deep.\(name).embedding")), "\(name.debugDescription)")
        }
        let again = try CTRModel(bytes: bytes)
        #expect(try again.serialize() == bytes)
        let table = try Self.table(seed: 2)
        #expect(try again.predict(table).map(\.bitPattern) == model.predict(table).map(\.bitPattern))
        try again.continueTraining(table)
        try model.continueTraining(table)
        #expect(try again.predict(table).map(\.bitPattern) == model.predict(table).map(\.bitPattern))
    }

    /// The same data under plain names gives the same terms: none of the names stands for another's.
    @Test func explanationsTellThemApart() throws {
        let model = try CTRModel(Self.options())
        try model.train(Self.table(seed: 1))
        let fitted = try #require(model.fitted)
        let one = try fitted.explain(Self.table(seed: 2).select(rows: [0]))[0]
        let columns = try Self.table(seed: 2)
        for (index, term) in one.wide.prefix(Self.names.count).enumerated() {
            #expect(term.feature.isExactly(Self.names[index]))
            guard case .categorical(let column) = columns.column("c\(index)") else { continue }
            #expect(term.value == .category(column.dictionary[Int(column.codes[0])]))
        }
    }

    @Test func everyEmbeddingStartsAtRandom() throws {
        let specs = Self.options().features ?? []
        let inputs = ModelInputs(try FeatureEncoder(fitting: Self.table(seed: 1), specs: specs), Self.options())
        let shapes = Blueprint(inputs).parameters.filter(\.role.isEmbedding)
        #expect(shapes.map { ExactText($0.feature) } == Self.names.map { ExactText($0) })
        let begun = shapes.map { Parameter($0, seed: 1).weights.array }
        #expect(begun.allSatisfy { !$0.contains(0) } && Set(begun).count == Self.names.count)
    }

    /// Clicks where two categories agree, beside a column of the name that their cross would have.
    private static func agreeing(_ third: String) throws -> Table {
        var stream = RandomStream(seed: 5)
        var (a, b, c, labels): ([String], [String], [String], [Double]) = ([], [], [], [])
        for _ in 0..<4000 {
            let (x, y) = (stream.nextIndex(below: 8), stream.nextIndex(below: 8))
            a.append("v\(x)")
            b.append("v\(y)")
            c.append("v\(stream.nextIndex(below: 8))")
            labels.append(stream.nextFloat() < ((x + 3 * y) % 4 == 0 ? 0.9 : 0.1) ? 1 : 0)
        }
        return try Table([("a", .text(a)), ("b", .text(b)), (third, .text(c)), ("label", .numeric(labels))])
    }

    @Test func aColumnNamedLikeAFoundCrossDoesNotSilenceIt() throws {
        var options = ModelOptions()
        (options.part, options.epochs, options.members, options.threads) = (.wide, 5, 1, 1)
        var predictions: [[UInt64]] = []
        for third in ["c", "a×b"] {
            let (model, table) = (try CTRModel(options), try Self.agreeing(third))
            try model.train(table)
            #expect(model.fitted?.summary.crosses.first?.features == ["a", "b"])
            let bytes = try model.serialize()
            #expect(try CTRModel(bytes: bytes).serialize() == bytes)
            predictions.append(try model.predict(table).map(\.bitPattern))
            #expect(
                model.infoText.contains(third == "c" ? #""name":"a×b","features":["a","b"]"# : #""name":"(a)×(b)""#))
        }
        #expect(predictions[0] == predictions[1])
    }

    @Test func crossesOfOneJoinedNameAreTwo() throws {
        var options = ModelOptions()
        (options.epochs, options.members, options.hiddenUnits) = (1, 1, [4])
        options.features = ["a", "b×c", "a×b", "c"].map { FeatureSpec($0, .categorical, columns: ["c0"]) }
        options.crosses = [["a", "b×c"], ["a×b", "c"], ["a×b", "b×c"]]
        let model = try CTRModel(options)
        try model.train(try MadeTable(rows: 100, sizes: [4]) { categories, _ in Double(categories[0]) - 2 }.table())
        #expect(model.fitted?.encoder.crosses.map(\.name) == ["a×b×c", "(a×b)×(c)", "a×b×b×c"])
        let bytes = try model.serialize()
        #expect(try CTRModel(bytes: bytes).serialize() == bytes)
    }

    @Test func aCrossGivenTwiceIsAnError() throws {
        var options = ModelOptions()
        options.crosses = [["c0", "c1"], ["c0", "c1"]]
        let model = try CTRModel(options)
        let error = #expect(throws: CTRError.self) {
            try model.train(
                try MadeTable(rows: 100, sizes: [4, 4]) { categories, _ in Double(categories[0]) - 2 }.table())
        }
        #expect(error?.code == .invalidArgument && error?.message.contains("twice") == true)
    }
}
