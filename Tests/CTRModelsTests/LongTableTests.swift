import CArrow
import CTRKernels
import CTRTestSupport
import Testing

@testable import CTRFeatures
@testable import CTRModels

/// Tables whose rows take no memory may have any number of them: what is asked is compared with what may be asked first,
/// and nothing grows with the rows unasked.
@Suite struct LongTableTests {
    private let fixture = ArrowFixture()
    private static let rows = ArrowReader.limit
    private static let logColumns = [
        "query", "doc_id", "summary", "query_words", "summary_words", "position", "doc_length", "score", "clicked",
        "timestamp",
    ]

    private func nulls(_ name: String, rows: Int = Self.rows) -> ArrowFixture.Node {
        fixture.node("n", name, length: rows, nulls: rows, buffers: [])
    }

    private func nullTable(_ names: [String], rows: Int = Self.rows) -> ArrowTable {
        ArrowTable(fixture.table(names.map { nulls($0, rows: rows) }, length: rows))
    }

    private static func trained() throws -> CTRModel {
        let made = MadeTable(rows: 400, sizes: [4], numbers: 1) { $0[0] == 1 ? 1 : $1[0] - 0.5 }
        var options = ModelOptions()
        (options.hiddenUnits, options.epochs) = ([4], 1)
        let model = try CTRModel(options)
        try model.train(made.table())
        return model
    }

    private func expect(_ code: CTRError.Code, _ message: String, _ body: () throws(CTRError) -> Void) {
        let error = #expect(throws: CTRError.self) { try body() }
        #expect(error?.code == code)
        #expect(error?.message.contains(message) == true, "\(error?.message ?? "")")
    }

    @Test func limitsComeBeforeWork() throws {
        let (model, table) = (try Self.trained(), nullTable(["c0", "x0"]))
        var answers = [-7.0]
        expect(.invalidArgument, "count = 1, but the table has 2147483646 rows") { () throws(CTRError) in
            try model.predict(table, into: &answers, count: 1)
        }
        #expect(answers == [-7])
        expect(.invalidArgument, "has 2147483646 rows; at most 1000") { () throws(CTRError) in
            _ = try model.explanationText(table)
        }
    }

    @Test func trainingIsRefused() throws {
        let model = try CTRModel()
        func train(_ table: ArrowTable) throws(CTRError) {
            try model.fit(further: false, progress: nil) { (_) throws(CTRError) in try model.read(table) }
        }
        expect(.invalidData, "label column 'label', row 0 (from 0): missing") { () throws(CTRError) in
            try train(nullTable(["label", "x"]))
        }
        let log = nullTable(Self.logColumns)
        expect(.invalidData, "column 'query', row 0 (from 0) is missing") { () throws(CTRError) in
            try model.setHistory(model.read(log), mean: [], scale: [])
        }
        // Rows that somebody else counts: a table of nothing but its length.
        let made = try Table([("x", .missing(count: Self.rows)), ("label", .missing(count: Self.rows))])
        #expect(throws: CTRError.self) { try model.train(made) }
        for count in [-1, Int.max] { #expect(throws: CTRError.self) { try Table([("x", .missing(count: count))]) } }
        let many = try Table((0..<200).map { ("x\($0)", .missing(count: Self.rows)) })
        let encoder = try FeatureEncoder(fitting: many, specs: many.names.map { FeatureSpec($0, .categorical) })
        expect(.outOfMemory, "no memory for 2147483646 encoded rows of 200 features") { () throws(CTRError) in
            _ = try encoder.encode(many)
        }
    }

    /// Of nulls, lists and dictionaries may hold any number too.
    @Test func valuesWithoutMemory() throws {
        let lists = fixture.lists(offsets: [0, Int32(Self.rows)], name: "l", of: nulls("item"))
        let coded = fixture.node(
            "c", "d", length: 1, buffers: [nil, fixture.buffer([3] as [Int8])], dictionary: nulls("entries"))
        let table = ArrowTable(fixture.table([lists, coded], length: 1))
        let known = try Table([("l", .lists([["a"]])), ("d", .text(["b"]))])
        let specs = [FeatureSpec("l", .multi), FeatureSpec("d", .categorical)]
        let encoder = try FeatureEncoder(fitting: known, specs: specs)
        let whole = try encoder.encode(ArrowReader.read(table)).contents
        let direct = RowEncoder(encoder).encode(table, threads: 1, in: EncodingWorkspace())
        #expect(direct?.contents == whole)
        #expect(whole == [[0], [], [0, 0], []])
    }

    /// A table longer than a block of rows, with what is kept from block to block: dictionaries, lists, offsets.
    @Test func blocksAreTheWhole() throws {
        let (model, rows) = (try Self.trained(), 2 * RowEncoder.blockRows + 77)
        var stream = RandomStream(seed: 3)
        let entries = fixture.text((0..<5).map { $0 == 4 ? nil : "v\($0)" })
        let coded = fixture.node(
            "c", "c0", length: rows,
            buffers: [nil, fixture.buffer((0..<rows).map { _ in Int8(stream.nextIndex(below: 5)) })],
            dictionary: entries)
        let numbers = fixture.values("f", (0..<rows).map { _ in stream.nextFloat() }, name: "x0")
        let ends = (0...rows).map { Int32($0 / 2) }
        let unread = fixture.lists(offsets: ends, name: "unread", of: fixture.text((0..<rows).map { "\($0)" }))
        let node = fixture.table([coded, numbers, unread], length: rows)
        let table = ArrowTable(node)
        var answers = [Double](repeating: -7, count: rows)
        try model.predict(table, into: &answers, count: rows)
        #expect(try answers == model.predict(ArrowReader.read(table)))
        // What is wrong in the last block is told by its place in the table, and nothing is written.
        let values = try #require(numbers.array.pointee.buffers[1])
        UnsafeMutableRawPointer(mutating: values).storeBytes(
            of: Float.infinity, toByteOffset: (rows - 1) * 4, as: Float.self)
        var untouched = [Double](repeating: -7, count: rows)
        expect(.invalidData, "column 'x0', row \(rows - 1) (from 0): the number is infinite") { () throws(CTRError) in
            try model.predict(table, into: &untouched, count: rows)
        }
        #expect(untouched.allSatisfy { $0 == -7 })
    }
}
