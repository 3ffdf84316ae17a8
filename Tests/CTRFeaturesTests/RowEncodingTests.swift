import CArrow
import CTRKernels
import CTRTestSupport
import Testing

@testable import CTRFeatures

/// Rows encoded straight from Arrow buffers are those that reading the whole table gives.
@Suite struct RowEncodingTests {
    typealias Node = ArrowFixture.Node

    private static func isNumeric(_ kind: Int) -> Bool { !(14...16).contains(kind) }

    /// Every kind of column, for every kind of feature that can read it; a table of the same columns, in another order,
    /// is encoded both ways, whole and row by row.
    @Test(arguments: 0..<60) func bothPathsGiveTheSameRows(seed: Int) throws {
        var maker = ColumnMaker(stream: RandomStream(seed: UInt64(seed)))
        var kinds = (0..<12).map { _ in (kind: maker.draw(ColumnMaker.plainKinds), shape: maker.draw(3)) }
        // All kinds in turn, whatever was drawn.
        kinds[0] = (seed % ColumnMaker.plainKinds, 0)
        kinds[1] = (seed % ColumnMaker.plainKinds, 1)
        kinds[2] = (seed % ColumnMaker.plainKinds, 2)
        var specs: [FeatureSpec] = []
        for (index, column) in kinds.enumerated() where index < 10 {
            if column.shape == 2 {
                specs.append(FeatureSpec("c\(index)", .multi))
            } else {
                specs.append(FeatureSpec("c\(index)", .categorical))
                if Self.isNumeric(column.kind) {
                    specs.append(FeatureSpec("n\(index)", .numeric, columns: ["c\(index)"]))
                }
                specs.append(FeatureSpec("m\(index)", .multi, columns: ["c\(index)", "c0"]))
            }
        }
        let scalars = specs.filter { $0.kind == .categorical }.map(\.name)
        func table(_ rows: Int, order: [Int]) -> Node {
            let skip = maker.draw(3)
            let columns = order.map { index -> Node in
                let node = maker.column(kinds[index].kind, kinds[index].shape, rows + skip)
                node.schema.pointee.name = maker.fixture.name("c\(index)")
                return node
            }
            return maker.fixture.table(columns, length: rows, offset: skip)
        }
        let first = table(150, order: Array(kinds.indices))
        var encoder = try FeatureEncoder(
            fitting: ArrowReader.read(ArrowTable(first)), specs: specs, crosses: [Array(scalars.prefix(2))],
            minimumCount: 2)
        if seed % 5 == 0 { encoder = try Self.hashed(encoder) }
        let (rowEncoder, workspace) = (RowEncoder(encoder), EncodingWorkspace())
        for rows in [1, 3, 200, 2, 700] {
            var order = kinds.indices.map { Int32($0) }
            maker.stream.shuffle(&order)
            let node = table(rows, order: order.map { Int($0) })
            let expected = try encoder.encode(ArrowReader.read(ArrowTable(node)))
            let encoded = try #require(rowEncoder.encode(ArrowTable(node), threads: 2, in: workspace))
            #expect(encoded.contents == expected.contents)
            let start = Int(node.array.pointee.offset)
            for row in 0..<min(rows, 20) {
                (node.array.pointee.offset, node.array.pointee.length) = (Int64(start + row), 1)
                let one = try #require(rowEncoder.encode(ArrowTable(node), threads: 1, in: workspace))
                #expect(one.contents == expected.select([Int32(row)]).contents)
            }
        }
    }

    /// The same features, their values hashed into few rows.
    private static func hashed(_ encoder: FeatureEncoder) throws -> FeatureEncoder {
        try FeatureEncoder(
            features: encoder.features.map { feature in
                switch feature.state {
                case .numeric: (feature.spec, feature.state)
                case .categorical: (feature.spec, .categorical(Vocabulary(hashedInto: 3)))
                case .multi: (feature.spec, .multi(Vocabulary(hashedInto: 3)))
                }
            }, crosses: encoder.crosses.map { ($0.name, $0.members, $0.vocabulary) })
    }

    /// Whole numbers are looked up as such; the text of a number that is written otherwise is none of them.
    @Test(arguments: [false, true]) func wholeNumbersAreTheirDecimalText(isDense: Bool) throws {
        let words = ["0", "-0", "7", "007", "+7", "-7", "-", "", "1.5", "9223372036854775807", "-9223372036854775808"]
        let further = isDense ? [] : ["9223372036854775808", "18446744073709551615", "99999999999999999999"]
        let dense = (20..<60).map { String($0) }
        let known = isDense ? dense + ["7", "-7", "0", "007"] : words + further + dense
        let table = try Table([("c", .text(known))])
        let encoder = try FeatureEncoder(fitting: table, specs: [FeatureSpec("c", .categorical)])
        guard case .categorical(let vocabulary) = encoder.features[0].state else { return #expect(Bool(false)) }
        let index = try #require(IntegerIndex(vocabulary))
        for number in [0, 7, -7, 1, 19, 20, 59, 60, 1 << 40, Int64.max, Int64.min, Int64.max - 1] {
            let expected = String(number).withUTF8Bytes { vocabulary.view.row(of: $0) }
            #expect(withExtendedLifetime(index) { index.view.row(of: number) } == expected, "\(number)")
        }
        let fixture = ArrowFixture()
        for node in [
            fixture.values("l", [0, -7, 7, 30, 1, .max, .min] as [Int64]),
            fixture.values("L", [0, 7, 30, 1, .max, 1 << 63, (1 << 63) - 1] as [UInt64]),
            fixture.values("g", [0, -0.0, 1.5, -7, 30, 1e19, 9_007_199_254_740_992] as [Double]),
        ] {
            let table = fixture.table([node], length: 7)
            let encoded = try #require(
                RowEncoder(encoder).encode(ArrowTable(table), threads: 1, in: EncodingWorkspace()))
            let expected = try encoder.encode(ArrowReader.read(ArrowTable(table)))
            #expect(encoded.contents == expected.contents)
        }
    }

    @Test func fewWholeNumbersHaveNoIndex() throws {
        var vocabulary = Vocabulary(minimumCount: 1)
        vocabulary.extend(dictionary: StringTable(["a", "b", "3"]), codes: [0, 1, 2])
        #expect(IntegerIndex(vocabulary) == nil)
        #expect(IntegerIndex(Vocabulary(minimumCount: 1)) == nil)
    }

    /// What the features cannot be read from is left to the whole table's reader, which has the message.
    @Test func tablesThatDoNotFitAreLeft() throws {
        let fixture = ArrowFixture()
        let numbers = fixture.values("g", [1.0, 2], name: "x")
        let words = fixture.text(["a", "b"], name: "w")
        let lists = fixture.lists(offsets: [0, 1, 2], name: "l", of: fixture.text(["a", "b"]))
        func encoded(_ columns: [Node], length: Int = 2) throws -> Bool {
            let specs = [FeatureSpec("x", .numeric), FeatureSpec("w", .categorical), FeatureSpec("l", .multi)]
            let whole = fixture.table([numbers, words, lists], length: 2)
            let encoder = try FeatureEncoder(fitting: ArrowReader.read(ArrowTable(whole)), specs: specs)
            let node = fixture.table(columns, length: length)
            return RowEncoder(encoder).encode(ArrowTable(node), threads: 1, in: EncodingWorkspace()) != nil
        }
        #expect(try encoded([numbers, words, lists]))
        #expect(try encoded([lists, words, numbers, fixture.text(["a", "b"], name: "further")], length: 1))
        #expect(try !encoded([numbers, words, lists], length: 0))
        #expect(try !encoded([numbers, words]))
        #expect(try !encoded([numbers, words, lists, numbers]))
        #expect(try !encoded([fixture.text(["1", "2"], name: "x"), words, lists]))
        #expect(try !encoded([numbers, fixture.lists(offsets: [0, 1, 2], name: "w", of: words), lists]))
        #expect(try !encoded([numbers, words, lists, fixture.values("g", [.infinity, 1], name: "unread")]))
        #expect(try !encoded([numbers, words, lists, fixture.values("tsu:UTC", [1, 2] as [Int64], name: "unread")]))
    }
}
