import CTRTestSupport
import Testing

@testable import CTRFeatures
@testable import CTRModels

/// Names that Swift's own comparison takes for equal, or that C cuts.
@Suite struct ColumnNameTests {
    /// é in one code point, and as e with an accent.
    private static let (one, two) = ("\u{E9}", "e\u{301}")

    @Test func spellingsAreColumnsOfTheirOwn() throws {
        let (a, b) = (Column.numeric([1, 2, 3, 4]), Column.numeric([4, 3, 2, 1]))
        let table = try Table([(Self.one, a), (Self.two, b)])
        #expect(table.column(Self.one)?.asNumeric() == [1, 2, 3, 4])
        #expect(table.column(Self.two)?.asNumeric() == [4, 3, 2, 1])
        #expect(FeatureSpec.infer(from: table, except: [Self.two].exact).map(\.name.utf8.count) == [2])
        #expect(throws: CTRError.self) { try Table([(Self.one, a), (Self.one, b)]) }
        // Each is read from its own column, in whatever order they come.
        let specs = [FeatureSpec(Self.one, .numeric), FeatureSpec(Self.two, .numeric)]
        let encoder = try FeatureEncoder(fitting: table, specs: specs)
        let expected = try encoder.encode(table).contents
        #expect(expected[0][0] != expected[0][1])
        let fixture = ArrowFixture()
        let columns = [
            fixture.values("g", [1.0, 2, 3, 4], name: Self.one), fixture.values("g", [4.0, 3, 2, 1], name: Self.two),
        ]
        let workspace = EncodingWorkspace()
        for columns in [columns, columns.reversed()] {
            let arrow = ArrowTable(fixture.table(columns, length: 4))
            #expect(try encoder.encode(ArrowReader.read(arrow)).contents == expected)
            let direct = RowEncoder(encoder).encode(arrow, threads: 1, in: workspace)
            #expect(direct?.contents == expected)
        }
        // One of them is not the other.
        let half = ArrowTable(fixture.table([columns[0]], length: 4))
        let error = #expect(throws: CTRError.self) { try encoder.encode(ArrowReader.read(half)) }
        #expect(error?.message.contains("the table has no column") == true)
        #expect(RowEncoder(encoder).encode(half, threads: 1, in: workspace) == nil)
    }

    @Test(arguments: [
        #"{"label": "a\u0000b"}"#, #"{"weight": "a\u0000b"}"#, #"{"crosses": [["a\u0000b", "c"]]}"#,
        #"{"features": [{"name": "a\u0000b", "kind": "numeric"}]}"#,
        #"{"features": [{"name": "a", "kind": "multi", "columns": ["b", "a\u0000b"]}]}"#,
    ]) func aNameWithNULIsRefused(options: String) {
        let error = #expect(throws: CTRError.self) { try ModelOptions(json: options) }
        #expect(error?.code == .invalidArgument)
        #expect(error?.message.contains(#"a\u0000b"#) == true, "\(error?.message ?? "")")
        #expect(error?.message.contains("must be without a NUL (\\u0000)") == true, "\(error?.message ?? "")")
    }
}
