import CCTRModels

/// A record batch whose memory ends where its contents do, so that address sanitizer sees a read beyond them.
final class FuzzBatch {
    typealias Node = (schema: UnsafeMutablePointer<ArrowSchema>, array: UnsafeMutablePointer<ArrowArray>)

    private var blocks: [UnsafeMutableRawPointer] = []
    private(set) var columns: [Node] = []
    let rows: Int
    private var whole: Node?

    init(rows: Int) { self.rows = rows }

    deinit { for block in blocks { block.deallocate() } }

    var schema: UnsafePointer<ArrowSchema> { UnsafePointer(finished().schema) }
    var array: UnsafePointer<ArrowArray> { UnsafePointer(finished().array) }

    func add(_ name: String, numbers: [Double]) {
        add(node("g", name, length: numbers.count, buffers: [nil, block(numbers)]))
    }

    func add(_ name: String, integers: [Int64]) {
        add(node("l", name, length: integers.count, buffers: [nil, block(integers)]))
    }

    func add(_ name: String, texts: [[UInt8]?]) { add(text(name, texts)) }

    /// Lists of texts: row i holds the values up to ends[i].
    func add(_ name: String, lists ends: [Int32], of texts: [[UInt8]?]) {
        let buffers = [nil, block([0] + ends)]
        add(node("+l", name, length: ends.count, buffers: buffers, children: [text("item", texts)]))
    }

    func add(_ name: String, nulls count: Int) { add(node("n", name, length: count, buffers: [])) }

    private func add(_ node: Node) {
        columns.append(node)
        whole = nil
    }

    private func finished() -> Node {
        if let whole { return whole }
        let made = node("+s", "", length: rows, buffers: [nil], children: columns)
        whole = made
        return made
    }

    private func text(_ name: String, _ texts: [[UInt8]?]) -> Node {
        var (bytes, ends): ([UInt8], [Int32]) = ([], [0])
        var valid = [UInt8](repeating: 0, count: (texts.count + 7) / 8)
        for (at, text) in texts.enumerated() {
            bytes += text ?? []
            ends.append(Int32(bytes.count))
            if text != nil { valid[at / 8] |= 1 << UInt8(at % 8) }
        }
        return node("u", name, length: texts.count, buffers: [block(valid), block(ends), block(bytes)])
    }

    private func node(
        _ format: String, _ name: String, length: Int, buffers: [UnsafeRawPointer?], children: [Node] = []
    ) -> Node {
        let schemas = children.map { Optional($0.schema) }
        let arrays = children.map { Optional($0.array) }
        let schema = ArrowSchema(
            format: text(format), name: text(name), metadata: nil, flags: Int64(ARROW_FLAG_NULLABLE),
            n_children: Int64(children.count), children: list(schemas), dictionary: nil, release: { _ in },
            private_data: nil)
        let array = ArrowArray(
            length: Int64(length), null_count: -1, offset: 0, n_buffers: Int64(buffers.count),
            n_children: Int64(children.count), buffers: list(buffers), children: list(arrays), dictionary: nil,
            release: { _ in }, private_data: nil)
        return (list([schema]), list([array]))
    }

    private func text(_ value: String) -> UnsafePointer<CChar> {
        UnsafePointer(list(value.utf8.map { CChar(bitPattern: $0) } + [0]))
    }

    private func list<Value>(_ values: [Value]) -> UnsafeMutablePointer<Value> {
        let start = UnsafeMutablePointer<Value>.allocate(capacity: max(1, values.count))
        start.initialize(from: values, count: values.count)
        blocks.append(UnsafeMutableRawPointer(start))
        return start
    }

    /// Of exactly the values' bytes.
    private func block<Value: BitwiseCopyable>(_ values: [Value]) -> UnsafeRawPointer {
        let size = values.count * MemoryLayout<Value>.stride
        let start = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 16)
        values.withUnsafeBytes { if let from = $0.baseAddress { start.copyMemory(from: from, byteCount: size) } }
        blocks.append(start)
        return UnsafeRawPointer(start)
    }
}
