import CArrow
import CTRFeatures

/// Arrow arrays built by hand, freed with the fixture. Buffers have exactly the size of their contents, so that the
/// address sanitizer sees a read beyond them.
package final class ArrowFixture {
    package struct Node {
        package let schema: UnsafeMutablePointer<ArrowSchema>
        package let array: UnsafeMutablePointer<ArrowArray>
    }

    private var blocks: [UnsafeMutableRawPointer] = []

    package init() {}

    deinit { for block in blocks { block.deallocate() } }

    package func buffer<T: BitwiseCopyable>(_ values: [T]) -> UnsafeRawPointer? {
        let size = values.count * MemoryLayout<T>.stride
        let block = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 16)
        blocks.append(block)
        values.withUnsafeBytes { block.copyMemory(from: $0.baseAddress ?? UnsafeRawPointer(block), byteCount: size) }
        return UnsafeRawPointer(block)
    }

    package func bits(_ values: [Bool]) -> UnsafeRawPointer? {
        var bytes = [UInt8](repeating: 0, count: (values.count + 7) / 8)
        for (at, value) in values.enumerated() where value { bytes[at / 8] |= 1 << UInt8(at % 8) }
        return buffer(bytes)
    }

    private func object<T>(_ value: T) -> UnsafeMutablePointer<T> {
        let pointer = UnsafeMutablePointer<T>.allocate(capacity: 1)
        pointer.initialize(to: value)
        blocks.append(UnsafeMutableRawPointer(pointer))
        return pointer
    }

    private func list<T>(_ values: [T]) -> UnsafeMutablePointer<T> {
        let pointer = UnsafeMutablePointer<T>.allocate(capacity: max(1, values.count))
        pointer.initialize(from: values, count: values.count)
        blocks.append(UnsafeMutableRawPointer(pointer))
        return pointer
    }

    package func name(_ value: String?) -> UnsafePointer<CChar>? {
        value.map { UnsafePointer(list($0.utf8.map { CChar(bitPattern: $0) } + [0])) }
    }

    package func node(
        _ format: String?, _ name: String? = "c", length: Int, offset: Int = 0, nulls: Int = -1,
        buffers: [UnsafeRawPointer?], children: [Node] = [], dictionary: Node? = nil
    ) -> Node {
        let schema = ArrowSchema(
            format: self.name(format), name: self.name(name), metadata: nil, flags: Int64(ARROW_FLAG_NULLABLE),
            n_children: Int64(children.count), children: list(children.map { Optional($0.schema) }),
            dictionary: dictionary?.schema, release: { _ in }, private_data: nil)
        let array = ArrowArray(
            length: Int64(length), null_count: Int64(nulls), offset: Int64(offset), n_buffers: Int64(buffers.count),
            n_children: Int64(children.count), buffers: list(buffers),
            children: list(children.map { Optional($0.array) }),
            dictionary: dictionary?.array, release: { _ in }, private_data: nil)
        return Node(schema: object(schema), array: object(array))
    }

    /// Values of one width, from element `offset` on.
    package func values<T: BitwiseCopyable>(
        _ format: String, _ values: [T], name: String? = "c", valid: [Bool]? = nil, offset: Int = 0
    ) -> Node {
        node(
            format, name, length: values.count - offset, offset: offset, buffers: [valid.flatMap(bits), buffer(values)])
    }

    package func text(_ values: [String?], name: String? = "c", large: Bool = false, offset: Int = 0) -> Node {
        var bytes: [UInt8] = []
        var ends = [0]
        for value in values {
            bytes += Array((value ?? "").utf8)
            ends.append(bytes.count)
        }
        let offsets = large ? buffer(ends.map { Int64($0) }) : buffer(ends.map { Int32($0) })
        return node(
            large ? "U" : "u", name, length: values.count - offset, offset: offset,
            buffers: [values.contains(nil) ? bits(values.map { $0 != nil }) : nil, offsets, buffer(bytes)])
    }

    package func lists(offsets: [Int32], name: String? = "c", valid: [Bool]? = nil, offset: Int = 0, of values: Node)
        -> Node
    {
        node(
            "+l", name, length: offsets.count - 1 - offset, offset: offset,
            buffers: [valid.flatMap(bits), buffer(offsets)], children: [values])
    }

    package func table(_ children: [Node], length: Int, offset: Int = 0) -> Node {
        node("+s", "", length: length, offset: offset, nulls: 0, buffers: [nil], children: children)
    }
}

extension ArrowTable {
    package init(_ node: ArrowFixture.Node) { self.init(schema: node.schema, array: node.array) }
}
