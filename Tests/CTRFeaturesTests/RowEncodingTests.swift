import CArrow
import CTRKernels
import CTRTestSupport
import Testing

@testable import CTRFeatures

/// Rows encoded straight from Arrow buffers are those that reading the whole table gives.
@Suite struct RowEncodingTests {
    typealias Node = ArrowFixture.Node

    /// A column of each kind, of few distinct values; some are missing.
    struct Maker {
        let fixture = ArrowFixture()
        var stream: RandomStream

        mutating func draw(_ bound: Int) -> Int { stream.nextIndex(below: bound) }

        private mutating func valid(_ count: Int) -> UnsafeRawPointer? {
            draw(3) == 0 ? nil : fixture.bits((0..<count).map { _ in draw(5) > 0 })
        }

        private mutating func values<T: BitwiseCopyable>(
            _ format: String, _ count: Int, _ skip: Int, _ value: (Int) -> T
        ) -> Node {
            let numbers = (0..<count + skip).map { _ in value(draw(9)) }
            return fixture.node(
                format, length: count, offset: skip, buffers: [valid(count + skip), fixture.buffer(numbers)])
        }

        private mutating func texts(_ count: Int) -> [String] {
            let known = ["", "a", "点击", "0", "-7", "true", "a text of more than twelve bytes", "1.5", "é"]
            return (0..<count).map { _ in known[draw(known.count)] }
        }

        private mutating func text(_ count: Int, _ skip: Int, large: Bool) -> Node {
            var bytes: [UInt8] = []
            let ends =
                [0]
                + texts(count + skip).map { text -> Int in
                    bytes += Array(text.utf8)
                    return bytes.count
                }
            let offsets = large ? fixture.buffer(ends.map { Int64($0) }) : fixture.buffer(ends.map { Int32($0) })
            return fixture.node(
                large ? "U" : "u", length: count, offset: skip,
                buffers: [valid(count + skip), offsets, fixture.buffer(bytes)])
        }

        private mutating func views(_ count: Int, _ skip: Int) -> Node {
            var (views, long): ([UInt8], [UInt8]) = ([], [])
            for text in texts(count + skip) {
                let bytes = Array(text.utf8)
                func words(_ values: Int...) -> [UInt8] {
                    values.flatMap { value in (0..<4).map { UInt8(value >> ($0 * 8) & 0xFF) } }
                }
                if bytes.count <= 12 {
                    views += words(bytes.count) + bytes + [UInt8](repeating: 0, count: 12 - bytes.count)
                } else {
                    views += words(bytes.count) + bytes.prefix(4) + words(0, long.count)
                    long += bytes
                }
            }
            return fixture.node(
                "vu", length: count, offset: skip,
                buffers: [
                    valid(count + skip), fixture.buffer(views), fixture.buffer(long),
                    fixture.buffer([Int64(long.count)]),
                ])
        }

        static let plainKinds = 18

        mutating func plain(_ kind: Int, _ count: Int, _ skip: Int) -> Node {
            switch kind {
            case 0: values("c", count, skip) { Int8($0 - 4) }
            case 1: values("C", count, skip) { UInt8($0 * 31) }
            case 2: values("s", count, skip) { Int16($0 * 1000 - 4000) }
            case 3: values("S", count, skip) { UInt16($0 * 7000) }
            case 4: values("i", count, skip) { Int32($0 - 4) * 100_000_000 }
            case 5: values("I", count, skip) { UInt32($0) * 400_000_000 }
            case 6: values("l", count, skip) { Int64($0 - 4) }
            case 7: values("L", count, skip) { UInt64($0) }
            case 8: values("l", count, skip) { [0, 1, .min, .max, 1 << 53, -(1 << 53) - 1][$0 % 6] as Int64 }
            case 9: values("L", count, skip) { [0, 1, .max, 1 << 63, 1 << 53][$0 % 5] as UInt64 }
            case 10: values("e", count, skip) { [0x3C00, 0xC000, 0x0001, 0x7E00, 0x8000, 0][$0 % 6] as UInt16 }
            case 11: values("f", count, skip) { [0, -0.0, 1, 0.1, -3, .nan, 1e30][$0 % 7] as Float }
            case 12:
                values("g", count, skip) { [0, -0.0, 1, 0.1, -3, .nan, 9_007_199_254_740_992, 1e16][$0 % 8] as Double }
            case 13:
                fixture.node(
                    "b", length: count, offset: skip,
                    buffers: [valid(count + skip), fixture.bits((0..<count + skip).map { _ in draw(2) > 0 })])
            case 14: text(count, skip, large: false)
            case 15: text(count, skip, large: true)
            case 16: views(count, skip)
            default: fixture.node("n", length: count, offset: skip, nulls: count, buffers: [])
            }
        }

        /// A plain column, one with a dictionary, or one of lists.
        mutating func column(_ kind: Int, _ shape: Int, _ count: Int) -> Node {
            let skip = draw(4)
            switch shape {
            case 0: return plain(kind, count, skip)
            case 1: return coded(kind, count, skip)
            default:
                var ends = [0]
                for _ in 0..<count + skip { ends.append(ends[ends.count - 1] + draw(4)) }
                let values = draw(2) == 0 ? plain(kind, ends[count + skip], 0) : coded(kind, ends[count + skip], 1)
                let isLarge = draw(2) == 0
                let offsets = isLarge ? fixture.buffer(ends.map { Int64($0) }) : fixture.buffer(ends.map { Int32($0) })
                return fixture.node(
                    isLarge ? "+L" : "+l", length: count, offset: skip, buffers: [valid(count + skip), offsets],
                    children: [values])
            }
        }

        private mutating func coded(_ kind: Int, _ count: Int, _ skip: Int) -> Node {
            let entries = plain(kind, 7, draw(3))
            let indices = (0..<count + skip).map { _ in draw(7) }
            let (format, buffer) =
                draw(2) == 0
                ? ("c", fixture.buffer(indices.map { Int8($0) })) : ("L", fixture.buffer(indices.map { UInt64($0) }))
            return fixture.node(
                format, length: count, offset: skip, buffers: [valid(count + skip), buffer], dictionary: entries)
        }
    }

    private static func isNumeric(_ kind: Int) -> Bool { !(14...16).contains(kind) }

    /// Every kind of column, for every kind of feature that can read it; a table of the same columns, in another order,
    /// is encoded both ways, whole and row by row.
    @Test(arguments: 0..<60) func bothPathsGiveTheSameRows(seed: Int) throws {
        var maker = Maker(stream: RandomStream(seed: UInt64(seed)))
        var kinds = (0..<12).map { _ in (kind: maker.draw(Maker.plainKinds), shape: maker.draw(3)) }
        // All kinds in turn, whatever was drawn.
        kinds[0] = (seed % Maker.plainKinds, 0)
        kinds[1] = (seed % Maker.plainKinds, 1)
        kinds[2] = (seed % Maker.plainKinds, 2)
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
