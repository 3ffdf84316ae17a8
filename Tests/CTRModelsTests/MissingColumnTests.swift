import CTRKernels
import CTRTestSupport
import Testing

@testable import CTRFeatures
@testable import CTRModels

/// A column without a value has no kind yet: it is fine at any time, in training and after.
@Suite struct MissingColumnTests {
    private static let made = MadeTable(rows: 600, sizes: [5], numbers: 1) { $0[0] == 1 ? 2 : $1[0] - 0.5 }

    /// A table of c (text), x (numbers), l (lists), and e, which is as it is given.
    private static func table(_ e: Column, rows: Int = 600) throws(CTRError) -> Table {
        try Table([
            ("c", .text(made.categories[0].prefix(rows).map { "v\($0)" })),
            ("x", .numeric(Array(made.numbers[0].prefix(rows)))),
            ("l", .lists(made.categories[0].prefix(rows).map { ["l\($0 % 3)"] })), ("e", e),
            ("label", .numeric(made.labels.prefix(rows).map { $0 ? 1 : 0 })),
        ])
    }

    private static func model(_ e: Column = .missing(count: 600)) throws -> CTRModel {
        var options = ModelOptions()
        (options.hiddenUnits, options.epochs, options.crosses) = ([4], 2, [["c", "e"]])
        let model = try CTRModel(options)
        try model.train(table(e))
        return model
    }

    /// Columns of each kind without a value.
    private static func empty(_ rows: Int) -> [Column] {
        [
            .missing(count: rows), .numeric([Double](repeating: .nan, count: rows)),
            .text([String?](repeating: nil, count: rows)), .lists([[String]](repeating: [], count: rows)),
        ]
    }

    @Test(arguments: ["c", "x", "l"]) func atPredictionItIsMissing(column: String) throws {
        let model = try Self.model(.numeric(Self.made.numbers[0]))
        let whole = try Self.table(.numeric(Self.made.numbers[0]))
        let predictions = try Self.empty(600).map { empty in
            try model.predict(Table(whole.names.map { ($0, $0 == column ? empty : whole.column($0) ?? empty) }))
        }
        for other in predictions.dropFirst() { #expect(other == predictions[0]) }
        #expect(try predictions[0] != model.predict(whole))
    }

    /// Whatever comes where training saw no value, answers are those of a missing one.
    @Test func whereNothingWasSeenNothingIsSaid() throws {
        let model = try Self.model()
        let expected = try model.predict(Self.table(.missing(count: 600)))
        let full: [Column] = [
            .numeric(Self.made.numbers[0]), .text(Self.made.categories[0].map { "e\($0)" }),
            .lists(Self.made.categories[0].map { ["e\($0)"] }),
        ]
        for column in full + Self.empty(600) { #expect(try model.predict(Self.table(column)) == expected) }
        let first = try model.explanationText(Self.table(full[1], rows: 600).select(rows: [0]))
        #expect(first.contains(#"{"feature":"c×e","value":["v"#))
        // Further training finds values where there were none: what has no bins stays without.
        for column in full {
            let copy = try CTRModel(bytes: model.serialize())
            try copy.continueTraining(Self.table(column))
            #expect(try copy.predict(Self.table(column)) == copy.predict(Self.table(.missing(count: 600))))
        }
        // And of what was known further training may see none.
        let known = try Self.model(.text(Self.made.categories[0].map { "e\($0)" }))
        try known.continueTraining(Self.table(.missing(count: 600)))
        #expect(try known.predict(Self.table(full[1])).allSatisfy { $0 > 0 && $0 < 1 })
    }

    /// Declared as any kind, a column may be empty in training.
    @Test(arguments: FeatureSpec.Kind.allCases) func aDeclaredFeatureMayBeEmpty(kind: FeatureSpec.Kind) throws {
        for column in Self.empty(600) {
            var options = ModelOptions()
            (options.hiddenUnits, options.epochs) = ([4], 1)
            options.features = [FeatureSpec("c", .categorical), FeatureSpec("e", kind)]
            let model = try CTRModel(options)
            try model.train(Self.table(column))
            let answers = try Self.empty(600).map { try model.predict(Self.table($0)) }
            for other in answers.dropFirst() { #expect(other == answers[0]) }
        }
    }

    /// A value of another kind than the feature's is refused as before, and the message names both.
    @Test func aValueOfAnotherKindIsRefused() throws {
        let model = try Self.model(.numeric(Self.made.numbers[0]))
        var text = [String?](repeating: nil, count: 600)
        text[599] = "a"
        let error = #expect(throws: CTRError.self) { try model.predict(Self.table(.text(text))) }
        #expect(error?.message.contains("column 'e' holds categories, but feature 'e' is numeric") == true)
    }

    /// The same straight from Arrow buffers, row by row and whole.
    @Test func bothPathsAgree() throws {
        let fixture = ArrowFixture()
        let nobody = [false, false, false]
        let known = fixture.values("g", [1.0, 2, 3], name: "x")
        let words = fixture.text(["a", "b", "c"], name: "w")
        let lists = fixture.lists(offsets: [0, 1, 2, 3], name: "l", of: fixture.text(["a", "b", "c"]))
        func empty(_ name: String) -> [ArrowFixture.Node] {
            [
                fixture.node("n", name, length: 3, buffers: []), fixture.text([nil, nil, nil], name: name),
                fixture.values("g", [1.0, 2, 3], name: name, valid: nobody),
                fixture.lists(offsets: [0, 0, 1, 2], name: name, valid: nobody, of: fixture.text(["a", "b"])),
                fixture.lists(offsets: [0, 0, 1, 2], name: name, of: fixture.text([nil, nil])),
                fixture.node(
                    "c", name, length: 3, buffers: [fixture.bits(nobody), fixture.buffer([9, 9, 9] as [Int8])],
                    dictionary: fixture.text(["a"])),
            ]
        }
        let specs = [
            FeatureSpec("x", .numeric), FeatureSpec("w", .categorical), FeatureSpec("l", .multi),
            FeatureSpec("s", .multi, columns: ["x", "w"]), FeatureSpec("e", .numeric),
        ]
        for nothing in empty("e") {
            let training = ArrowTable(fixture.table([known, words, lists, nothing], length: 3))
            let encoder = try FeatureEncoder(fitting: ArrowReader.read(training), specs: specs, crosses: [["x", "e"]])
            let anything = [known, words, lists].map { node -> ArrowFixture.Node in
                let copy = fixture.node("n", "e", length: 3, buffers: [])
                (copy.schema.pointee, copy.array.pointee) = (node.schema.pointee, node.array.pointee)
                copy.schema.pointee.name = fixture.name("e")
                return copy
            }
            for (x, e) in zip(empty("x"), empty("e") + anything) {
                for (w, l) in zip(empty("w"), empty("l")) {
                    let table = ArrowTable(fixture.table([x, w, l, e], length: 3))
                    let whole = try encoder.encode(ArrowReader.read(table))
                    let direct = RowEncoder(encoder).encode(table, threads: 1, in: EncodingWorkspace())
                    #expect(direct?.contents == whole.contents)
                    #expect(whole.contents[0].allSatisfy { $0 == 0 })
                }
            }
        }
    }
}
