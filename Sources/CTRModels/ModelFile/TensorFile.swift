import CTRFeatures

/// A safetensors container: a 64-bit little-endian header length, a JSON header, the tensors' bytes.
/// (github.com/huggingface/safetensors; the public library reads what this writes.)
///
/// The header begins with the metadata, and that with the key "checksum": 16 hexadecimal digits of the XXH64 of all
/// bytes after the header, seeded with the XXH64 of the header in which those digits are zeros.
package struct TensorFile: Sendable {
    package typealias Entry = (name: String, tensor: Tensor)

    /// Without the checksum, which is written and checked here.
    package var metadata: [(String, String)]
    package var tensors: [Entry]

    package init(metadata: [(String, String)] = [], tensors: [Entry] = []) {
        self.metadata = metadata
        self.tensors = tensors
    }

    /// The tensor of that name.
    package func tensor(_ name: String) throws(CTRError) -> Tensor {
        guard let entry = tensors.first(where: { $0.name.isExactly(name) }) else {
            throw .badModelFile("the model file has no tensor '\(name)'")
        }
        return entry.tensor
    }

    /// The metadata's value for a key.
    package func metadata(_ key: String) -> String? {
        metadata.first { $0.0.isExactly(key) }?.1
    }

    // What encoder and decoder share.
    static let metadataKey = "__metadata__"
    static let checksumKey = "checksum"
    static let checksumPrefix = Array(#"{"__metadata__":{"checksum":""#.utf8)
    static let checksumRange = checksumPrefix.count..<checksumPrefix.count + 16

    /// The checksum's digits for these header bytes (whatever digits stand in them) and what comes after them.
    static func checksum(header: UnsafeRawBufferPointer, data: some Sequence<any ByteStorage>) -> [UInt8] {
        var zeroed = Array(header)
        for at in checksumRange where at < zeroed.count { zeroed[at] = UInt8(ascii: "0") }
        var stream = XXH64Stream(seed: XXH64.hash(zeroed))
        for piece in data { piece.withBytes { stream.update($0) } }
        let digits = String(stream.hash, radix: 16)
        return Array((String(repeating: "0", count: 16 - digits.utf8.count) + digits).utf8)
    }

    static func checksum(header: UnsafeRawBufferPointer, data: UnsafeRawBufferPointer) -> [UInt8] {
        checksum(header: header, data: CollectionOfOne<any ByteStorage>(BorrowedBytes(data)))
    }
}

// MARK: - Writing

extension TensorFile {
    /// The file's pieces, one after the other; the tensors' are where they were. Throws `internalError` where names
    /// repeat, or bytes and shape of a tensor disagree.
    package func pieces() throws(CTRError) -> [any ByteStorage] {
        var members: [(key: String, value: JSON)] = []
        var pairs: [(key: String, value: JSON)] = [(Self.checksumKey, .string("0000000000000000"))]
        for (key, value) in metadata { pairs.append((key, .string(value))) }
        members.append((Self.metadataKey, .object(pairs)))

        // Wide elements first, so that each tensor lies on a multiple of its element's size.
        let order = tensors.indices.sorted {
            (-tensors[$0].tensor.dtype.size, $0) < (-tensors[$1].tensor.dtype.size, $1)
        }
        var begins = [Int](repeating: 0, count: tensors.count)
        var total = 0
        for index in order {
            begins[index] = total
            total += tensors[index].tensor.byteCount
        }
        for (index, entry) in tensors.enumerated() {
            let tensor = entry.tensor
            guard Tensor.byteCount(tensor.dtype, tensor.shape) == tensor.byteCount else {
                throw .internalError("tensor '\(entry.name)': shape \(tensor.shape) does not fit its values")
            }
            let end = begins[index] + tensor.byteCount
            members.append(
                (
                    entry.name,
                    [
                        "dtype": .string(tensor.dtype.rawValue),
                        "shape": .array(tensor.shape.map { .number(Double($0)) }),
                        "data_offsets": [.number(Double(begins[index])), .number(Double(end))],
                    ]
                ))
        }
        for keys in [pairs.map(\.key), members.map(\.key)] where Set(keys.map { ExactText($0) }).count < keys.count {
            throw .internalError("two entries of the model file have one name: \(keys)")
        }

        var header = Array(JSON.object(members).text.utf8)
        while header.count % 8 != 0 { header.append(UInt8(ascii: " ")) }
        guard header.count <= Self.headerLimit else {
            throw .invalidArgument("the model's description has \(header.count) bytes, above \(Self.headerLimit)")
        }
        let data = order.map { tensors[$0].tensor.storage }
        let digits = header.withUnsafeBytes { Self.checksum(header: $0, data: data) }
        for (at, digit) in zip(Self.checksumRange, digits) { header[at] = digit }
        let length = withUnsafeBytes(of: UInt64(header.count).littleEndian) { Array($0) }
        return [ArrayBytes(length + header)] + data
    }

    /// The file's bytes.
    package func encode() throws(CTRError) -> [UInt8] { FileBytes(try pieces()).array }
}
