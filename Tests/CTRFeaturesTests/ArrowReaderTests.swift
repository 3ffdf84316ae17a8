import CArrow
import CTRTestSupport
import Testing

@testable import CTRFeatures

struct ArrowReaderTests {
    let fixture = ArrowFixture()

    private func read(_ table: ArrowFixture.Node) throws -> Table {
        try ArrowReader.read(ArrowTable(schema: table.schema, array: table.array))
    }

    /// The one column of a table of it.
    private func column(_ node: ArrowFixture.Node, rows: Int? = nil, skip: Int = 0) throws -> Column? {
        let table = fixture.table([node], length: rows ?? Int(node.array.pointee.length) - skip, offset: skip)
        return try read(table).column("c")
    }

    private func numbers(_ node: ArrowFixture.Node, rows: Int? = nil, skip: Int = 0) throws -> [Double?]? {
        guard case .numeric(let values) = try column(node, rows: rows, skip: skip) else { return nil }
        return values.map { $0.isNaN ? nil : $0 }
    }

    private func texts(_ node: ArrowFixture.Node, rows: Int? = nil, skip: Int = 0) throws -> [String?]? {
        guard case .categorical(let column) = try column(node, rows: rows, skip: skip) else { return nil }
        return column.codes.map { $0 < 0 ? nil : column.dictionary[Int($0)] }
    }

    private func lists(_ node: ArrowFixture.Node, rows: Int? = nil, skip: Int = 0) throws -> [[String]]? {
        guard case .multi(let column) = try column(node, rows: rows, skip: skip) else { return nil }
        return (0..<column.offsets.count - 1).map { row in
            column.codes[column.offsets[row]..<column.offsets[row + 1]].map { column.dictionary[Int($0)] }
        }
    }

    // MARK: What can be read

    @Test func integersOfEveryWidth() throws {
        #expect(try numbers(fixture.values("c", [-128, 127] as [Int8])) == [-128, 127])
        #expect(try numbers(fixture.values("C", [0, 255] as [UInt8])) == [0, 255])
        #expect(try numbers(fixture.values("s", [-32768] as [Int16])) == [-32768])
        #expect(try numbers(fixture.values("S", [65535] as [UInt16])) == [65535])
        #expect(try numbers(fixture.values("i", [Int32.min])) == [-2_147_483_648])
        #expect(try numbers(fixture.values("I", [UInt32.max])) == [4_294_967_295])
        #expect(try numbers(fixture.values("l", [-9_007_199_254_740_991] as [Int64])) == [-9_007_199_254_740_991])
        #expect(try numbers(fixture.values("L", [7] as [UInt64])) == [7])
    }

    @Test func idsBeyondADoubleKeepTheirDigits() throws {
        let valid = [true, true, false, true]
        let big: [Int64] = [9_007_199_254_740_993, 5, 6, Int64.min]
        #expect(
            try texts(fixture.values("l", big, valid: valid)) == ["9007199254740993", "5", nil, "-9223372036854775808"])
        #expect(try texts(fixture.values("L", [UInt64.max])) == ["18446744073709551615"])
        // Under a null there may be anything.
        #expect(try numbers(fixture.values("l", [1, Int64.max], valid: [true, false])) == [1, nil])
    }

    @Test func floatsOfEveryWidth() throws {
        #expect(try numbers(fixture.values("g", [1.5, .nan, -2])) == [1.5, nil, -2])
        #expect(try numbers(fixture.values("f", [0.25, -1e30] as [Float])) == [0.25, Double(-1e30 as Float)])
        let halves: [UInt16] = [0x3C00, 0xC000, 0x0001, 0x7BFF, 0x8000, 0x7E00, 0x3555]
        #expect(
            try numbers(fixture.values("e", halves)) == [1, -2, 5.9604644775390625e-08, 65504, 0, nil, 0.333251953125])
        #expect(try numbers(fixture.values("g", [1, .infinity], valid: [true, false])) == [1, nil])
    }

    @Test func offsetsOfTableAndColumnAdd() throws {
        let node = fixture.values(
            "i", [0, 1, 2, 3, 4, 5] as [Int32], valid: [true, true, true, false, true, true], offset: 2)
        #expect(try numbers(node) == [2, nil, 4, 5])
        #expect(try numbers(node, rows: 2, skip: 1) == [nil, 4])
        let text = fixture.text(["a", "bb", nil, "ccc", ""], offset: 1)
        #expect(try texts(text) == ["bb", nil, "ccc", ""])
        #expect(try texts(text, rows: 2, skip: 2) == ["ccc", ""])
        let flags = fixture.node(
            "b", "c", length: 4, offset: 7, buffers: [nil, fixture.bits((0..<11).map { $0 % 3 == 0 })])
        #expect(try texts(flags) == ["false", "false", "true", "false"])
    }

    @Test func textOfEveryKind() throws {
        let values = ["点击", nil, "", "a", "点击"]
        #expect(try texts(fixture.text(values)) == values)
        #expect(try texts(fixture.text(values, large: true)) == values)
        // A view: 4 bytes of length, then the text, or its first 4 bytes, buffer and offset.
        let views: [UInt32] = [
            2, 0x6261, 0, 0,
            13, 0, 0, 1,
            0, 0, 0, 0,
        ]
        let view = fixture.node(
            "vu", "c", length: 3,
            buffers: [
                nil, fixture.buffer(views), fixture.buffer(Array("-thirteen char".utf8)),
                fixture.buffer([14] as [Int64]),
            ])
        #expect(try texts(view) == ["ab", "thirteen char", ""])
        let allEmpty = fixture.node("u", "c", length: 2, buffers: [nil, fixture.buffer([0, 0, 0] as [Int32]), nil])
        #expect(try texts(allEmpty) == ["", ""])
    }

    @Test func dictionaries() throws {
        let words = fixture.text(["a", "b", "a", nil])
        let node = fixture.node(
            "C", "c", length: 5,
            buffers: [fixture.bits([true, true, true, true, false]), fixture.buffer([1, 2, 0, 3, 99] as [UInt8])],
            dictionary: words)
        #expect(try texts(node) == ["b", "a", "a", nil, nil])
        guard case .categorical(let column) = try column(node) else { return #expect(Bool(false)) }
        #expect(column.dictionary.strings == ["a", "b"])
        let numeric = fixture.node(
            "l", "c", length: 2, buffers: [nil, fixture.buffer([1, 0] as [Int64])],
            dictionary: fixture.values("g", [2.0, 2.5]))
        #expect(try texts(numeric) == ["2.5", "2"])
    }

    @Test func listsOfEveryKind() throws {
        let words = fixture.text(["-", "a", nil, "b", "a", "c"])
        let node = fixture.lists(offsets: [1, 3, 3, 4, 6], valid: [true, true, false, true], of: words)
        #expect(try lists(node) == [["a"], [], [], ["a", "c"]])
        #expect(try lists(node, rows: 2, skip: 2) == [[], ["a", "c"]])
        let plain = fixture.lists(offsets: [1, 2, 2, 4], of: fixture.text(["-", "x", "y", "x"], large: true))
        #expect(try lists(plain) == [["x"], [], ["y", "x"]])
        let large = fixture.node(
            "+L", "c", length: 2, buffers: [nil, fixture.buffer([0, 1, 3] as [Int64])],
            children: [fixture.values("i", [4, 5, 4] as [Int32])])
        #expect(try lists(large) == [["4"], ["5", "4"]])
        let coded = fixture.node(
            "c", "item", length: 2, buffers: [nil, fixture.buffer([1, 0] as [Int8])],
            dictionary: fixture.text(["x", "y"]))
        #expect(try lists(fixture.lists(offsets: [0, 2], of: coded)) == [["y", "x"]])
    }

    @Test func categoriesReadFromNumbersAreStillNumbers() throws {
        let valid = [true, false, true]
        let big = try column(fixture.values("l", [9_007_199_254_740_993, 5, 5] as [Int64], valid: valid))
        #expect(big?.asNumeric()?.map { $0.isNaN ? -1 : $0 } == [9_007_199_254_740_992, -1, 5])
        let flags = try column(fixture.node("b", length: 3, buffers: [nil, fixture.bits([true, false, true])]))
        #expect(flags?.asNumeric() == [1, 0, 1])
        let coded = fixture.node(
            "i", length: 2, buffers: [nil, fixture.buffer([1, 0] as [Int32])],
            dictionary: fixture.values("g", [2.0, 0.5]))
        #expect(try column(coded)?.asNumeric() == [0.5, 2])
        #expect(try column(fixture.text(["1"]))?.asNumeric() == nil)
        #expect(Column.numeric([1, 2]).asNumeric() == [1, 2])
        #expect(Column.lists([["1"]]).asNumeric() == nil)
    }

    @Test func nullTypeAndNoRows() throws {
        // Whatever a null column says of buffers, it has none: the pointer leads nowhere.
        for buffers in [[], [UnsafeRawPointer(bitPattern: 8)], [nil, UnsafeRawPointer(bitPattern: 8)]] {
            for nulls in [-1, 0, 2] {
                let column = try column(fixture.node("n", "c", length: 2, nulls: nulls, buffers: buffers))
                guard case .missing(count: 2) = column else {
                    Issue.record("\(String(describing: column))")
                    continue
                }
            }
        }
        #expect(try numbers(fixture.node("g", "c", length: 0, buffers: [nil, nil])) == [])
        #expect(try texts(fixture.node("u", "c", length: 0, buffers: [nil, nil, nil])) == [])
        let words = fixture.node("u", "c", length: 0, buffers: [nil, nil, nil])
        #expect(try lists(fixture.node("+l", "c", length: 0, buffers: [nil, nil], children: [words])) == [])
        let table = try read(fixture.table([], length: 5))
        #expect(table.rowCount == 5)
        #expect(table.names.isEmpty)
    }

    @Test func columnsKeepNamesAndOrder() throws {
        let table = try read(
            fixture.table(
                [
                    fixture.text(["a"], name: "查询"), fixture.values("g", [1.0], name: "x"),
                    fixture.values("b", [1] as [UInt8], name: "y"),
                ],
                length: 1))
        #expect(table.names == ["查询", "x", "y"])
        #expect(table.rowCount == 1)
    }
}
