import CTRFeatures

extension TensorFile {
    /// The most bytes a header may have; the public library's bound too.
    static let headerLimit = 100_000_000

    /// Where a tensor lies, as the header says it.
    private struct Place {
        var name: String
        var dtype: Tensor.DType
        var shape: [Int]
        var begin: Int
        var end: Int
    }

    /// Reads a file's bytes. Every length and index is checked before anything is allocated for it; whatever is wrong
    /// is a `badModelFile` error.
    package init(decoding file: UnsafeRawBufferPointer) throws(CTRError) {
        let header = try Self.header(of: file)
        let data = UnsafeRawBufferPointer(rebasing: file[(8 + header.count)...])
        let json: JSON
        do throws(CTRError) {
            json = try JSON(parsing: header)
        } catch {
            throw Self.damaged("its header cannot be read (\(error.message))")
        }
        guard let members = json.objectValue else { throw Self.damaged("its header is not an object") }
        var metadata: [(String, String)] = []
        var places: [Place] = []
        for (key, value) in members {
            if key == Self.metadataKey {
                metadata = try Self.metadata(value)
            } else {
                places.append(try Self.place(key, value))
            }
        }
        let needed = places.map(\.end).max() ?? 0
        guard needed <= data.count else {
            throw .badModelFile(
                "the model file is cut short: \(8 + header.count + needed) bytes expected, \(file.count) found")
        }
        let digits = Self.checksum(header: header, data: data)
        guard Self.checksumRange.upperBound <= header.count, header[Self.checksumRange].elementsEqual(digits) else {
            throw Self.damaged("its checksum does not fit its contents")
        }
        try Self.checkContiguous(places, count: data.count)
        self.init(metadata: metadata)
        for place in places {
            let bytes = Array(data[place.begin..<place.end])
            tensors.append((place.name, Tensor(dtype: place.dtype, shape: place.shape, bytes: bytes)))
        }
    }

    /// As above for an array.
    package init(decoding bytes: [UInt8]) throws(CTRError) {
        self = try bytes.withUnsafeBufferPointer { (file) throws(CTRError) in
            try TensorFile(decoding: UnsafeRawBufferPointer(file))
        }
    }

    private static func damaged(_ what: String) -> CTRError {
        .badModelFile("the model file was altered or damaged: \(what)")
    }

    /// The header's bytes: what tells a model of ours from any other file.
    private static func header(of file: UnsafeRawBufferPointer) throws(CTRError) -> UnsafeRawBufferPointer {
        guard !file.isEmpty else { throw .badModelFile("the file is empty, not a model") }
        let prefix = file.dropFirst(8).prefix(checksumPrefix.count)
        let isOurs = prefix.elementsEqual(checksumPrefix)
        // A pickle (protocol 2 and later) begins with this byte and its version. A header's length may do so too.
        if !isOurs, file[0] == 0x80, file.count < 2 || (2...5).contains(file[1]) {
            throw .badModelFile("the file is a Python pickle, not a model of this library; it was not read further")
        }
        guard file.count >= 8 else { throw .badModelFile("the file is no model: \(file.count) bytes are too few") }
        let length = UInt64(littleEndian: file.loadUnaligned(as: UInt64.self))
        guard length <= UInt64(headerLimit), file.count == 8 || file[8] == UInt8(ascii: "{") else {
            throw .badModelFile("the file is no model: it does not begin as a safetensors file does")
        }
        let count = Int(length)
        guard count <= file.count - 8 else {
            throw .badModelFile(
                "the model file is cut short or damaged: at least \(8 + count) bytes expected, \(file.count) found")
        }
        guard isOurs, count >= checksumPrefix.count else {
            throw .badModelFile("the file is safetensors, but its header lacks the checksum this library writes first")
        }
        return UnsafeRawBufferPointer(rebasing: file[8..<8 + count])
    }

    private static func metadata(_ value: JSON) throws(CTRError) -> [(String, String)] {
        var metadata: [(String, String)] = []
        for (key, value) in value.objectValue ?? [] where key != checksumKey {
            guard let text = value.stringValue else { throw damaged("metadata '\(key)' is not text") }
            metadata.append((key, text))
        }
        return metadata
    }

    private static func place(_ name: String, _ value: JSON) throws(CTRError) -> Place {
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
        return Place(name: name, dtype: dtype, shape: shape, begin: begin, end: end)
    }

    /// The tensors must lie one after the other, and fill the data.
    private static func checkContiguous(_ places: [Place], count: Int) throws(CTRError) {
        var last = 0
        for place in places.sorted(by: { ($0.begin, $0.end) < ($1.begin, $1.end) }) {
            guard place.begin == last else { throw damaged("tensor '\(place.name)' overlaps another, or leaves a gap") }
            last = place.end
        }
        guard last == count else { throw damaged("\(count) bytes of tensors where \(last) are expected") }
    }
}
