import CTRFeatures
import CTRKernels

extension TensorFile {
    /// The most bytes a header may have; the public library's bound too.
    static let headerLimit = 100_000_000

    /// Where a tensor lies, as the header says it.
    private struct TensorEntry {
        var name: String
        var dtype: Tensor.DType
        var shape: [Int]
        var begin: Int
        var end: Int
    }

    /// Reads a file. Every length and index is checked before anything is allocated for it, no more is read than the
    /// file has, and its tensors' only once its header is known to be ours; whatever is wrong is a `badModelFile` error.
    package init(decoding file: some ByteSource) throws(CTRError) {
        let header = try Self.header(of: file)
        let begin = 8 + header.byteCount
        try Memory.require(header.withBytes { JSON.memory(parsing: $0) }, for: "the description of a model file")
        let json: JSON
        do throws(CTRError) {
            json = try header.withBytes { header in Result { () throws(CTRError) in try JSON(parsing: header) } }.get()
        } catch {
            throw Self.damaged("its header cannot be read (\(error.message))")
        }
        guard let members = json.objectValue else { throw Self.damaged("its header is not an object") }
        var metadata: [(String, String)] = []
        var entries: [TensorEntry] = []
        for (key, value) in members {
            if key == Self.metadataKey {
                metadata = try Self.metadata(value)
            } else {
                entries.append(try Self.entry(key, value))
            }
        }
        let needed = entries.map(\.end).max() ?? 0
        guard needed <= file.byteCount - begin else {
            throw .badModelFile(
                "the model file is cut short: \(begin + needed) bytes expected, \(file.byteCount) found")
        }
        let decoded = entries.reduce(0) { $0 + ($1.end - $1.begin) * Self.growth($1.dtype) }
        try Memory.require(decoded, for: "a model of \(file.byteCount) bytes")
        let data = try file.piece(begin..<file.byteCount)
        let fits = header.withBytes { header in
            Self.checksumRange.upperBound <= header.count
                && header[Self.checksumRange].elementsEqual(Self.checksum(header: header, data: CollectionOfOne(data)))
        }
        guard fits else { throw Self.damaged("its checksum does not fit its contents") }
        try Self.checkContiguous(entries, count: data.byteCount)
        self.init(metadata: metadata)
        for entry in entries {
            let storage = ByteRange(whole: data, range: entry.begin..<entry.end)
            tensors.append((entry.name, Tensor(dtype: entry.dtype, shape: entry.shape, storage: storage)))
        }
    }

    /// How often as large as a tensor's bytes are these and what is made of them, at most: weights are packed for the
    /// layers, and the tables of words and combinations have free slots.
    private static func growth(_ dtype: Tensor.DType) -> Int {
        switch dtype {
        case .f32, .f64: 3
        case .i32: 8
        case .i64, .u8: 4
        }
    }

    private static func damaged(_ what: String) -> CTRError {
        .badModelFile("the model file was altered or damaged: \(what)")
    }

    /// The header's bytes: what tells a model of ours from any other file.
    private static func header(of file: some ByteSource) throws(CTRError) -> any ByteStorage {
        let start = try file.piece(0..<min(file.byteCount, 8 + checksumPrefix.count)).withBytes { Array($0) }
        guard !start.isEmpty else { throw .badModelFile("the file is empty, not a model") }
        let isOurs = start.dropFirst(8).elementsEqual(checksumPrefix)
        // A pickle (protocol 2 and later) begins with this byte and its version. A header's length may do so too.
        if !isOurs, start[0] == 0x80, start.count < 2 || (2...5).contains(start[1]) {
            throw .badModelFile("the file is a Python pickle, not a model of this library; it was not read further")
        }
        guard start.count >= 8 else { throw .badModelFile("the file is no model: \(start.count) bytes are too few") }
        let length = start.withUnsafeBytes { UInt64(littleEndian: $0.loadUnaligned(as: UInt64.self)) }
        guard length <= UInt64(headerLimit), start.count == 8 || start[8] == UInt8(ascii: "{") else {
            throw .badModelFile("the file is no model: it does not begin as a safetensors file does")
        }
        let count = Int(length)
        guard count <= file.byteCount - 8 else {
            throw .badModelFile(
                "the model file is cut short or damaged: at least \(8 + count) bytes expected, \(file.byteCount) found")
        }
        guard isOurs, count >= checksumPrefix.count else {
            throw .badModelFile("the file is safetensors, but its header lacks the checksum this library writes first")
        }
        return try file.piece(8..<8 + count)
    }

    private static func metadata(_ value: JSON) throws(CTRError) -> [(String, String)] {
        var metadata: [(String, String)] = []
        for (key, value) in value.objectValue ?? [] where key != checksumKey {
            guard let text = value.stringValue else { throw damaged("metadata '\(key)' is not text") }
            metadata.append((key, text))
        }
        return metadata
    }

    private static func entry(_ name: String, _ value: JSON) throws(CTRError) -> TensorEntry {
        guard value.objectValue?.count == 3, let type = value["dtype"]?.stringValue,
            let sizes = value["shape"]?.arrayValue, let offsets = value["data_offsets"]?.arrayValue
        else { throw damaged("tensor '\(name)' does not have a type, a shape and offsets") }
        guard let dtype = Tensor.DType(rawValue: type) else {
            throw damaged("tensor '\(name)' is of the unknown type '\(type)'")
        }
        let shape = sizes.compactMap { $0.intValue }
        guard shape.count == sizes.count, let bytes = Tensor.byteCount(dtype, shape) else {
            throw damaged("the shape of tensor '\(name)'")
        }
        guard offsets.count == 2, let begin = offsets[0].intValue, let end = offsets[1].intValue, begin >= 0,
            end >= begin, end < Int.max / 2, end - begin == bytes
        else { throw damaged("the offsets of tensor '\(name)' do not fit its shape") }
        return TensorEntry(name: name, dtype: dtype, shape: shape, begin: begin, end: end)
    }

    /// The tensors must lie one after the other, and fill the data.
    private static func checkContiguous(_ entries: [TensorEntry], count: Int) throws(CTRError) {
        var last = 0
        for entry in entries.sorted(by: { ($0.begin, $0.end) < ($1.begin, $1.end) }) {
            guard entry.begin == last else { throw damaged("tensor '\(entry.name)' overlaps another, or leaves a gap") }
            last = entry.end
        }
        guard last == count else { throw damaged("\(count) bytes of tensors where \(last) are expected") }
    }
}
