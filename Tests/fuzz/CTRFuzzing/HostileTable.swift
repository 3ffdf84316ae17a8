import CArrow
import CTRKernels

/// A table made of bytes. Its structs, and the contents of its buffers, are whatever the bytes say; only what the
/// interface cannot say is honest: lists and buffers have just the size that counts, lengths and offsets imply, so that
/// the address sanitizer sees what is read beyond them.
final class HostileTable {
    private(set) var schema: UnsafeMutablePointer<ArrowSchema>
    private(set) var array: UnsafeMutablePointer<ArrowArray>
    private(set) var asksForTraining = false
    private var memory = HostileMemory()
    private var draw: Draws

    /// Arrays that own memory are at most this long: longer ones could not be honest.
    private static let longest = 300

    init(_ bytes: UnsafeRawBufferPointer) {
        draw = Draws(bytes)
        schema = memory.object(ArrowSchema())
        array = memory.object(ArrowArray())
        asksForTraining = draw.below(4) == 0
        let columns = [Self.features, Self.features, Self.log, Self.any][draw.below(4)]
        let rows = draw.oneIn(200) ? [Int(Int32.max) - 1, Int(Int32.max), 0, 2500][draw.below(4)] : draw.below(14)
        let offset = draw.oneIn(4) ? draw.below(4) : 0
        let areNull = rows > Self.longest
        let children = columns.map { name, kind in
            let any = draw.oneIn(20)
            return column(
                rows + offset, areNull: areNull, depth: 0, name: any ? Self.any[draw.below(Self.any.count)].0 : name,
                draw.oneIn(20) ? .any : kind)
        }
        fill(
            (schema, array), format: draw.oneIn(250) ? anyFormat() : "+s", name: "", length: rows, offset: offset,
            nulls: draw.oneIn(20) ? number() : 0,
            buffers: [draw.oneIn(20) && !areNull ? bits(rows + offset) : nil], children: children, dictionary: nil)
    }

    /// Runs `body` while the table is that row alone.
    func withRow<R>(_ row: Int, _ body: () -> R) -> R {
        let before = array.pointee
        defer { array.pointee = before }
        (array.pointee.offset, array.pointee.length) = (before.offset + Int64(row), 1)
        return body()
    }

    // MARK: Structs

    private typealias Node = (schema: UnsafeMutablePointer<ArrowSchema>, array: UnsafeMutablePointer<ArrowArray>)

    /// What a column mostly is.
    private enum Kind {
        case numbers, labels, text, scalars, lists, any
    }

    private static let features: [(String, Kind)] = [
        ("x", .numbers), ("c", .scalars), ("l", .lists), ("e", .any), ("label", .labels),
    ]
    private static let log: [(String, Kind)] = [
        ("query", .text), ("doc_id", .text), ("summary", .text), ("query_words", .lists), ("summary_words", .lists),
        ("position", .numbers), ("doc_length", .numbers), ("score", .numbers), ("clicked", .labels),
        ("timestamp", .scalars),
    ]
    private static let any: [(String, Kind)] = [
        ("x", .numbers), ("é", .scalars), ("e\u{301}", .any), ("l", .lists), ("time", .numbers), ("c", .any),
        ("c", .any),
    ]

    private func column(_ rows: Int, areNull: Bool, depth: Int, name: String?, _ kind: Kind) -> Node {
        let node = (memory.object(ArrowSchema()), memory.object(ArrowArray()))
        let offset = draw.oneIn(3) ? draw.below(5) : 0
        let length = draw.oneIn(100) ? max(0, rows + draw.below(5) - 2) : rows
        let shape = areNull ? 0 : shape(of: kind)
        var children: [Node] = []
        var dictionary: Node?
        var format: String? = areNull ? (draw.oneIn(6) ? "+l" : "n") : plainFormat(kind)
        var buffers: [UnsafeRawPointer?]
        if shape == 8, depth < 2 {
            format = draw.oneIn(2) ? "+l" : "+L"
            let ends = offsets(length + offset)
            let values = draw.oneIn(40) ? [0, Self.longest, Int(Int32.max) - 1][draw.below(3)] : max(0, ends.last ?? 0)
            buffers = [validity(length + offset), offsets(ends, isLarge: format == "+L")]
            children = [
                column(
                    min(values, Self.longest), areNull: values > Self.longest, depth: depth + 1, name: "item",
                    draw.oneIn(20) ? .any : .scalars)
            ]
            if values > Self.longest { children[0].array.pointee.length = Int64(values) }
        } else if shape == 9, depth < 2 {
            format = ["C", "c", "s", "S", "i", "I", "l", "L", "g", "u"][draw.oneIn(3) ? draw.below(10) : 0]
            let (count, entries) = (length + offset, 1 + draw.below(draw.oneIn(4) ? 200 : 6))
            buffers =
                format == "C"
                ? [
                    validity(count),
                    memory.bytes(count) { _ in draw.oneIn(100) ? draw.byte() : UInt8(draw.below(entries)) },
                ]
                : contents(format ?? "n", count)
            dictionary = column(
                entries, areNull: draw.oneIn(12), depth: depth + 2, name: nil, kind == .any ? .any : .text)
        } else {
            let count = length + offset
            buffers =
                kind == .labels && !areNull
                ? [nil, memory.bytes(count) { _ in draw.byte() & 1 }] : contents(format ?? "n", count)
        }
        if draw.oneIn(250) { format = anyFormat() }
        fill(
            node, format: format, name: name, length: length, offset: offset, nulls: draw.oneIn(25) ? number() : -1,
            buffers: buffers, children: children, dictionary: dictionary)
        return node
    }

    private func fill(
        _ node: Node, format: String?, name: String?, length: Int, offset: Int, nulls: Int,
        buffers: [UnsafeRawPointer?], children: [Node], dictionary: Node?
    ) {
        var (buffers, children) = (buffers, children.map { (schema: Optional($0.schema), array: Optional($0.array)) })
        // Now and then one too many or too few, or a null pointer; the lists are as long as they say.
        // (Where text views' sizes are, their number says.)
        if format != "vu", draw.oneIn(200) {
            buffers = draw.oneIn(2) ? buffers + [UnsafeRawPointer(bitPattern: 8)] : buffers.dropLast()
        }
        if draw.oneIn(200), !buffers.isEmpty { buffers[draw.below(buffers.count)] = nil }
        if draw.oneIn(250), !children.isEmpty { children[draw.below(children.count)].schema = nil }
        if draw.oneIn(250), !children.isEmpty { children[draw.below(children.count)].array = nil }
        let schemas = children.map(\.schema), arrays = draw.oneIn(250) ? [] : children.map(\.array)
        node.schema.pointee = ArrowSchema(
            format: memory.text(format), name: memory.name(name, draw), metadata: nil, flags: 2,
            n_children: draw.oneIn(255) ? -1 : Int64(schemas.count),
            children: draw.oneIn(255) ? nil : memory.list(schemas),
            dictionary: draw.oneIn(250) ? nil : dictionary?.schema, release: draw.oneIn(255) ? nil : { _ in },
            private_data: nil)
        node.array.pointee = ArrowArray(
            length: Int64(length), null_count: Int64(nulls), offset: Int64(offset),
            n_buffers: draw.oneIn(255) ? -1 : Int64(buffers.count),
            n_children: draw.oneIn(255) ? -1 : Int64(arrays.count),
            buffers: draw.oneIn(255) ? nil : memory.list(buffers),
            children: draw.oneIn(255) ? nil : memory.list(arrays),
            dictionary: draw.oneIn(250) ? nil : dictionary?.array, release: draw.oneIn(255) ? nil : { _ in },
            private_data: nil)
        // Lengths and offsets that no memory has: refused for themselves.
        if draw.oneIn(250) { node.array.pointee.length = [.min, -1, .max, 1 << 62][draw.below(4)] as Int64 }
        if draw.oneIn(250) { node.array.pointee.offset = [.min, -1, .max, 1 << 62][draw.below(4)] as Int64 }
    }

    /// 8: a list, 9: with a dictionary, others: plain.
    private func shape(of kind: Kind) -> Int {
        switch kind {
        case .numbers, .labels: 0
        case .text, .scalars: draw.below(10) < 7 ? 0 : 9
        case .lists: 8
        case .any: draw.below(10)
        }
    }

    private func plainFormat(_ kind: Kind) -> String {
        switch kind {
        case .labels: "C"
        case .text: ["u", "U", "vu"][draw.below(3)]
        case .numbers: ["g", "f", "e", "c", "C", "s", "S", "i", "I", "l", "L", "b", "n"][draw.below(13)]
        default:
            ["g", "f", "e", "c", "C", "s", "S", "i", "I", "l", "L", "b", "u", "U", "vu", "n", "u", "u"][draw.below(18)]
        }
    }

    private func anyFormat() -> String? {
        if draw.oneIn(8) { return nil }
        if draw.oneIn(8) { return String(repeating: "u", count: 5000) }
        return ["", "+", "+s", "+w:2", "+ll", "vuu", "tsu:UTC", "+r", "z", "w:3", "d:5,2", "+vl", "+m", "\u{FF}"][
            draw.below(14)]
    }

    private func number() -> Int { [0, 1, -1, -2, 5, .max, .min, Int(Int32.max)][draw.below(8)] }

    // MARK: Buffers

    private func bits(_ count: Int) -> UnsafeRawPointer? { memory.bytes((count + 7) / 8) { _ in draw.byte() } }

    private func validity(_ count: Int) -> UnsafeRawPointer? { draw.oneIn(2) ? nil : bits(count) }

    /// Where `count` values begin and end: mostly in order, of few bytes each. The last one is small, as it says how
    /// much there is.
    private func offsets(_ count: Int) -> [Int] {
        var ends = [draw.oneIn(6) ? draw.below(4) : 0]
        for _ in 0..<count { ends.append(ends[ends.count - 1] + draw.below(4)) }
        if draw.oneIn(12), count > 0 {
            ends[draw.below(count)] = [-1, .min, .max, 2_000_000_000, Int(Int32.max), 1, ends[count]][draw.below(7)]
        }
        return ends
    }

    private func offsets(_ ends: [Int], isLarge: Bool) -> UnsafeRawPointer? {
        isLarge ? memory.buffer(ends.map { Int64($0) }) : memory.buffer(ends.map { Int32(truncatingIfNeeded: $0) })
    }

    private func contents(_ format: String, _ count: Int) -> [UnsafeRawPointer?] {
        switch format {
        case "n": return []
        case "+l": return [nil, count <= Self.longest ? offsets(offsets(count), isLarge: false) : nil]
        case "b": return [validity(count), bits(count)]
        case "u", "U":
            let ends = offsets(count)
            return [
                validity(count), offsets(ends, isLarge: format == "U"),
                memory.bytes(max(0, ends.last ?? 0)) { _ in letter() },
            ]
        case "vu":
            let size = draw.below(40)
            return [
                validity(count), memory.bytes(count * 16) { viewByte($0) }, memory.bytes(size) { _ in letter() },
                memory.buffer([Int64(size)]),
            ]
        case "g": return [validity(count), memory.buffer((0..<count).map { _ in Double(draw.below(60)) / 4 })]
        default:
            let width = ["c": 1, "C": 1, "s": 2, "S": 2, "e": 2, "i": 4, "I": 4, "f": 4][format] ?? 8
            // Numbers of few bytes: then a dictionary's indices are often inside.
            return [
                validity(count),
                memory.bytes(count * width) { at in at % width == 0 || draw.oneIn(9) ? draw.byte() : 0 },
            ]
        }
    }

    private func letter() -> UInt8 { draw.oneIn(200) ? draw.byte() : [0x61, 0x30, 0x2D, 0x77][draw.below(4)] }

    /// Views mostly of short text, or of text in the one buffer.
    private func viewByte(_ at: Int) -> UInt8 {
        switch at % 16 {
        case 0: UInt8(draw.below(20))
        case 1...3: draw.oneIn(200) ? draw.byte() : 0
        default: draw.oneIn(3) ? letter() : 0
        }
    }
}
