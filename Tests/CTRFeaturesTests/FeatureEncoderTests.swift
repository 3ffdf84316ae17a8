import CTRKernels
import CTRTestSupport
import Testing

@testable import CTRFeatures

@Suite struct FeatureEncoderTests {
    private func table(_ a: [String?], _ b: [String?], _ x: [Double]) throws -> Table {
        try Table([("a", .text(a)), ("b", .text(b)), ("x", .numeric(x))])
    }

    @Test func crossesKnowTheirPairs() throws {
        let specs = [FeatureSpec("a", .categorical), FeatureSpec("b", .categorical), FeatureSpec("x", .numeric)]
        let data = try table(["p", "p", "q", "q", nil], ["u", "u", "u", "v", "u"], [1, 2, 3, 4, 5])
        let encoder = try FeatureEncoder(
            fitting: data, specs: specs, crosses: [["a", "b"], ["a", "x"]], minimumCount: 1)
        let rows = try encoder.encode(data)
        let pair = encoder.crosses[0].slot
        let ids = (0..<5).map { rows.ids.base[$0 * rows.slotCount + pair] }
        #expect(ids == [2, 2, 3, 4, 0])
        let unseen = try encoder.encode(table(["p", "w"], ["v", "u"], [1, 1]))
        #expect((0..<2).map { unseen.ids.base[$0 * unseen.slotCount + pair] } == [1, 1])
    }

    @Test func extendingKeepsIds() throws {
        let specs = [FeatureSpec("a", .categorical), FeatureSpec("b", .categorical)]
        let first = try table(["p", "q"], ["u", "v"], [0, 0])
        var encoder = try FeatureEncoder(fitting: first, specs: specs, crosses: [["a", "b"]], minimumCount: 1)
        let before = try encoder.encode(first)
        try encoder.extend(with: table(["r", "p"], ["u", "v"], [0, 0]))
        #expect(try encoder.encode(first).ids.array == before.ids.array)
        let after = try encoder.encode(table(["r"], ["u"], [0]))
        #expect(after.ids.array == [4, 2, 4])
    }

    @Test func aRowOfNumbersEncodesAsATableOfIt() throws {
        var stream = RandomStream(seed: 4)
        let columns = (0..<5).map { column in
            (0..<300).map { _ in Double(stream.nextIndex(below: column == 0 ? 1000 : 6)) }
        }
        let names = (0..<5).map { "x\($0)" }
        let data = try Table(zip(names, columns).map { ($0, .numeric($1)) })
        let specs = [
            FeatureSpec("x0", .numeric), FeatureSpec("x1", .categorical), FeatureSpec("x2", .categorical),
            FeatureSpec("words", .multi, columns: ["x3", "x4"]),
        ]
        let encoder = try FeatureEncoder(fitting: data, specs: specs, crosses: [["x1", "x2"]], minimumCount: 2)
        let all = try encoder.encode(data)
        let (rowEncoder, workspace) = (RowEncoder(encoder), EncodingWorkspace())
        for row in 0..<300 {
            let one = try rowEncoder.encode(columns.map { $0[row] }, columns: [[0], [1], [2], [3, 4]], in: workspace)
            #expect(one.contents == all.select([Int32(row)]).contents)
        }
    }

    /// A column with integers beyond 2^53 is read as categories; its zeros stand for nothing all the same.
    @Test func zerosOfLargeWholeNumbersAreNoValues() throws {
        let numbers = CategoricalColumn(
            dictionary: StringTable(["0", "9007199254740993"]), codes: [0, 1], origin: .numbers)
        let data = try Table([("w0", .categorical(numbers)), ("w1", .numeric([0, 5]))])
        let words = FeatureSpec("words", .multi, columns: ["w0", "w1"])
        let encoder = try FeatureEncoder(fitting: data, specs: [words], crosses: [], minimumCount: 1)
        #expect(try encoder.encode(data).lists.map(\.offsets.array) == [[0, 0, 2]])
    }

    @Test func errorsNameTheFeature() throws {
        let data = try table(["p", "q"], ["u", "v"], [0, 1])
        for (specs, crosses, wanted) in [
            ([FeatureSpec("a", .numeric)], [], "'a'"), ([FeatureSpec("c", .categorical)], [], "'c'"),
            ([FeatureSpec("x", .numeric)], [["x", "y"]], "'y'"), ([FeatureSpec("x", .numeric)], [["x"]], "two"),
        ] {
            let error = #expect(throws: CTRError.self) {
                try FeatureEncoder(fitting: data, specs: specs, crosses: crosses, minimumCount: 1)
            }
            #expect(error?.message.contains(wanted) == true)
        }
    }
}
