import CArrow
import CTRTestSupport
import Testing

@testable import CTRFeatures

/// Contents that are wrong, each refused with a message that names the column and the problem.
struct ArrowReaderErrorTests {
    typealias Node = ArrowFixture.Node
    typealias Case = (message: String, make: @Sendable (ArrowFixture) -> Node)

    static let columns: [Case] = [
        ("buffer 1 is a null pointer", { f in change(f.values("g", [1.0])) { $0.array.pointee.buffers[1] = nil } }),
        ("null pointer", { f in change(f.text(["a"])) { $0.array.pointee.buffers[1] = nil } }),
        ("buffer 2, the text, is a null", { f in change(f.text(["a"])) { $0.array.pointee.buffers[2] = nil } }),
        ("has 2 buffers, not 1", { f in change(f.values("g", [1.0])) { $0.array.pointee.n_buffers = 1 } }),
        ("has 3 buffers, not 2", { f in change(f.text(["a"])) { $0.array.pointee.n_buffers = 2 } }),
        ("buffers, but no list", { f in change(f.values("g", [1.0])) { $0.array.pointee.buffers = nil } }),
        ("-1 buffers", { f in change(f.values("g", [1.0])) { $0.array.pointee.n_buffers = -1 } }),
        ("negative length (-1)", { f in change(f.values("g", [1.0])) { $0.array.pointee.length = -1 } }),
        ("offset (-2)", { f in change(f.values("g", [1.0])) { $0.array.pointee.offset = -2 } }),
        ("null count (-2)", { f in change(f.values("g", [1.0])) { $0.array.pointee.null_count = -2 } }),
        ("3 nulls, but no validity", { f in change(f.values("g", [1.0])) { $0.array.pointee.null_count = 3 } }),
        ("out of range", { f in change(f.values("g", [1.0])) { $0.array.pointee.offset = .max } }),
        ("has 0 values where", { f in change(f.values("g", [1.0])) { $0.array.pointee.length = 0 } }),
        ("released", { f in change(f.values("g", [1.0])) { $0.array.pointee.release = nil } }),
        ("has no format", { f in change(f.values("g", [1.0])) { $0.schema.pointee.format = nil } }),
        ("row 0 (from 0): the number is infinite", { f in f.values("g", [Double.infinity]) }),
        ("row 0 (from 0): the number is infinite", { f in f.values("f", [-Float.infinity]) }),
        ("row 0 (from 0): the number is infinite", { f in f.values("e", [0xFC00] as [UInt16]) }),
        ("'tsu:UTC' is not supported; supported are", { f in f.values("tsu:UTC", [1] as [Int64]) }),
        ("'+w:2' is not supported", { f in f.values("+w:2", [1] as [Int64]) }),
        ("'' is not supported", { f in f.values("", [1] as [Int64]) }),
        ("row 0 (from 0): the text is not UTF-8", { f in rawText(f, [0, 2], [0xC0, 0x80]) }),
        ("the text begins at -1", { f in rawText(f, [-1, 2], [0x61, 0x61]) }),
        ("the text's offsets descend: it ends at 2000000000, the column's last text at 5", { f in far(f, "u") }),
        ("the text's offsets descend: it ends at 2000000000, the column's last text at 5", { f in far(f, "U") }),
        (
            "list values, row 0 (from 0): the text's offsets descend: it ends",
            { f in f.lists(offsets: [0, 1], of: far(f, "u")) }
        ),
        ("dictionary, row 0 (from 0): the text's offsets", { f in coded(f, "c", [1] as [Int8], far(f, "u")) }),
        (
            "dictionary, row 1 (from 0): the number is infinite",
            { f in coded(f, "c", [0] as [Int8], f.values("g", [1, Double.infinity])) }
        ),
        ("the text's offsets descend, from 2 to 1", { f in rawText(f, [2, 1], [0x61, 0x61]) }),
        ("length is -1", { f in view(f, [.max, 0, 0, 0]) }),
        ("lies in buffer 1, of 1", { f in view(f, [13, 0, 1, 0]) }),
        ("lies in buffer -1, of 1", { f in view(f, [13, 0, .max, 0]) }),
        ("bytes 2 + 13 are outside its buffer of 14", { f in view(f, [13, 0, 0, 2]) }),
        ("bytes 0 + 2147483647 are outside", { f in view(f, [0x7FFF_FFFF, 0, 0, 0]) }),
        ("row 0 (from 0): dictionary index 2", { f in coded(f, "c", [2] as [Int8], f.text(["a", "b"])) }),
        ("dictionary index -1", { f in coded(f, "c", [-1] as [Int8], f.text(["a", "b"])) }),
        ("dictionary index 18446744073709551615", { f in coded(f, "L", [UInt64.max], f.text(["a"])) }),
        ("indices of Arrow format 'g'", { f in coded(f, "g", [1.0], f.text(["a", "b"])) }),
        ("dictionary: Arrow format '+l'", { f in coded(f, "c", [0] as [Int8], list(f, [0, 1])) }),
        (
            "dictionary: the Arrow schema or array is a null",
            { f in change(coded(f, "c", [0] as [Int8], f.text(["a"]))) { $0.array.pointee.dictionary = nil } }
        ),
        (
            "dictionary: the Arrow schema or array is a null",
            { f in change(coded(f, "c", [0] as [Int8], f.text(["a"]))) { $0.schema.pointee.dictionary = nil } }
        ),
        ("the list's offsets descend", { f in list(f, [2, 1]) }),
        ("the list's offsets descend or are negative, at -1", { f in list(f, [-1, 1]) }),
        ("list values: it has 2 values where 0 + 3", { f in list(f, [0, 3]) }),
        ("list values: Arrow format '+l' is not", { f in f.lists(offsets: [0, 1], of: list(f, [0, 1])) }),
        ("1 in its schema and 0 in its array", { f in change(list(f, [0, 1])) { $0.array.pointee.n_children = 0 } }),
        ("has 1 children", { f in change(list(f, [0, 1])) { $0.schema.pointee.children = nil } }),
        ("list values: the Arrow schema or", { f in change(list(f, [0, 1])) { $0.array.pointee.children[0] = nil } }),
    ]

    @Test(arguments: columns.indices)
    func columnIsRefused(index: Int) {
        let fixture = ArrowFixture()
        let node = Self.columns[index].make(fixture)
        expect(fixture.table([node], length: 1), Self.columns[index].message, names: "column 'c'")
    }

    static let tables: [Case] = [
        ("must be an Arrow struct array", { f in f.values("g", [1.0], name: "") }),
        ("has 1 buffers, not 0", { f in change(table(f)) { $0.array.pointee.n_buffers = 0 } }),
        ("its array 0", { f in change(table(f)) { $0.array.pointee.n_children = 0 } }),
        ("null pointer for their list", { f in change(table(f)) { $0.schema.pointee.children = nil } }),
        (
            "-1 columns",
            { f in
                change(table(f)) {
                    $0.schema.pointee.n_children = -1
                    $0.array.pointee.n_children = -1
                }
            }
        ),
        ("its schema is null", { f in change(table(f)) { $0.schema.pointee.children[0] = nil } }),
        ("column 0 (from 0) has no name", { f in f.table([f.values("g", [1.0], name: nil)], length: 1) }),
        ("schema or array is a null pointer", { f in change(table(f)) { $0.array.pointee.children[0] = nil } }),
        ("the table: the Arrow data was released", { f in change(table(f)) { $0.schema.pointee.release = nil } }),
        (
            "column 'x' is in the table twice",
            { f in
                f.table([f.values("g", [1.0], name: "x"), f.values("g", [1.0], name: "x")], length: 1)
            }
        ),
        ("has 1 values where 0 + 2 are needed", { f in f.table([f.values("g", [1.0], name: "x")], length: 2) }),
        (
            "has 1 values where 1 + 1 are needed",
            { f in f.table([f.values("g", [1.0], name: "x")], length: 1, offset: 1) }
        ),
        ("at most", { f in f.table([], length: 1 << 40) }),
        (
            "the table, row 1 (from 0): it is null as a whole",
            { f in
                f.node(
                    "+s", "", length: 2, buffers: [f.bits([true, false])],
                    children: [f.values("g", [1.0, 2], name: "x")])
            }
        ),
    ]

    @Test(arguments: tables.indices)
    func tableIsRefused(index: Int) {
        let fixture = ArrowFixture()
        expect(Self.tables[index].make(fixture), Self.tables[index].message, names: "")
    }

    private func expect(_ table: Node, _ message: String, names: String) {
        let error = #expect(throws: CTRError.self) {
            try ArrowReader.read(ArrowTable(schema: table.schema, array: table.array))
        }
        #expect(error?.code == .invalidData)
        #expect(error?.message.contains(message) == true, "\(error?.message ?? "")")
        #expect(error?.message.hasPrefix(names) == true, "\(error?.message ?? "")")
        for kind in [nil] + FeatureSpec.Kind.allCases {
            #expect(!isEncodedDirectly(table, by: kind.map { [FeatureSpec("c", $0)] } ?? []), "\(kind as Any)")
        }
    }

    /// A row encoder must leave such a table to the reader, whatever it reads of it.
    private func isEncodedDirectly(_ table: Node, by specs: [FeatureSpec]) -> Bool {
        let column: Column = specs.first?.kind == .numeric ? .numeric([1]) : .text(["a"])
        guard let fitted = try? FeatureEncoder(fitting: Table([("c", column)]), specs: specs) else { return true }
        let arrow = ArrowTable(schema: table.schema, array: table.array)
        return RowEncoder(fitted).encode(arrow, threads: 1, in: EncodingWorkspace()) != nil
    }

    // MARK: Makers

    private static func change(_ node: Node, _ change: (Node) -> Void) -> Node {
        change(node)
        return node
    }

    private static func table(_ f: ArrowFixture) -> Node { f.table([f.values("g", [1.0], name: "x")], length: 1) }

    private static func rawText(_ f: ArrowFixture, _ offsets: [Int32], _ bytes: [UInt8]) -> Node {
        f.node("u", "c", length: 1, buffers: [nil, f.buffer(offsets), f.buffer(bytes)])
    }

    /// Two texts of which the first says that it ends far behind all of them.
    private static func far(_ f: ArrowFixture, _ format: String) -> Node {
        let ends = [0, 2_000_000_000, 5]
        let offsets = format == "u" ? f.buffer(ends.map { Int32($0) }) : f.buffer(ends.map { Int64($0) })
        return f.node(format, "c", length: 2, buffers: [nil, offsets, f.buffer(Array("a b c".utf8))])
    }

    private static func view(_ f: ArrowFixture, _ view: [UInt32]) -> Node {
        f.node(
            "vu", "c", length: 1,
            buffers: [nil, f.buffer(view), f.buffer(Array("fourteen bytes".utf8)), f.buffer([14] as [Int64])])
    }

    private static func coded<T: BitwiseCopyable>(
        _ f: ArrowFixture, _ format: String, _ indices: [T], _ words: Node
    ) -> Node {
        f.node(format, "c", length: 1, buffers: [nil, f.buffer(indices)], dictionary: words)
    }

    private static func list(_ f: ArrowFixture, _ offsets: [Int32]) -> Node {
        f.lists(offsets: offsets, of: f.text(["a", "b"]))
    }
}
