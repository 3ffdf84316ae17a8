import CArrow

/// One array with its schema, the outer checks done: neither is null or released, and the rows wanted lie inside.
struct ArrowField {
    /// How an error names it: "column 'age'".
    let label: String
    let format: String
    let schema: ArrowSchema
    let array: ArrowArray
    /// The first row's place in the buffers: the offsets of the array and of those around it are in it.
    let start: Int
    let count: Int
    /// The validity bits, nil where no value is null.
    let validity: UnsafeRawPointer?

    /// The rows `from ..< from + count` of an array; all of its rows where `count` is nil.
    init(
        label: String, schema: UnsafePointer<ArrowSchema>?, array: UnsafePointer<ArrowArray>?, from: Int = 0,
        count: Int? = nil
    ) throws(CTRError) {
        guard let schema = schema?.pointee, let array = array?.pointee else {
            throw .invalidData("\(label): the Arrow schema or array is a null pointer")
        }
        guard schema.release != nil, array.release != nil else {
            throw .invalidData("\(label): the Arrow data was released already; export it anew for each call")
        }
        guard let formatText = schema.format else { throw .invalidData("\(label): the Arrow schema has no format") }
        guard array.length >= 0, array.offset >= 0, array.null_count >= -1 else {
            throw .invalidData(
                "\(label): negative length (\(array.length)), offset (\(array.offset)) or null count "
                    + "(\(array.null_count))")
        }
        let (end, overflow) = array.offset.addingReportingOverflow(array.length)
        guard !overflow, end < Int64.max / 64, let length = Int(exactly: array.length),
            let offset = Int(exactly: array.offset)
        else {
            throw .invalidData("\(label): offset \(array.offset) and length \(array.length) are out of range")
        }
        let wanted = count ?? length
        guard from >= 0, wanted >= 0, from <= length, wanted <= length - from else {
            throw .invalidData("\(label) has \(length) values where \(from) + \(wanted) are needed")
        }
        guard wanted <= ArrowReader.limit else {
            throw .invalidData("\(label) has \(wanted) values; at most \(ArrowReader.limit) can be read")
        }
        self.label = label
        self.format = String(cString: formatText)
        self.schema = schema
        self.array = array
        self.start = offset + from
        self.count = wanted
        guard array.n_buffers >= 0, array.n_buffers == 0 || array.buffers != nil else {
            throw .invalidData("\(label): \(array.n_buffers) buffers, but no list of them")
        }
        if array.null_count != 0, array.n_buffers > 0, let bits = array.buffers[0] {
            validity = bits
        } else {
            // A null type has no bitmap, and its nulls are its length.
            guard array.null_count <= 0 || array.n_buffers == 0 else {
                throw .invalidData("\(label): \(array.null_count) nulls, but no validity bitmap")
            }
            validity = nil
        }
    }

    /// Whether row `row` (from 0) holds a value.
    @inline(__always)
    func isValid(_ row: Int) -> Bool {
        guard let validity else { return true }
        return Self.bit(validity, start + row)
    }

    @inline(__always)
    static func bit(_ bits: UnsafeRawPointer, _ at: Int) -> Bool {
        bits.load(fromByteOffset: at &>> 3, as: UInt8.self) & (1 &<< UInt8(truncatingIfNeeded: at & 7)) != 0
    }

    func firstNull() -> Int? {
        validity == nil ? nil : (0..<count).first { !isValid($0) }
    }

    func expectBuffers(_ number: Int64) throws(CTRError) {
        guard array.n_buffers == number else {
            throw .invalidData("\(label): Arrow format '\(format)' has \(number) buffers, not \(array.n_buffers)")
        }
    }

    func expectChildren(_ number: Int64) throws(CTRError) {
        guard schema.n_children == number, array.n_children == number,
            number == 0 || (schema.children != nil && array.children != nil)
        else {
            throw .invalidData(
                "\(label): Arrow format '\(format)' has \(number) children, not \(schema.n_children) in its schema and "
                    + "\(array.n_children) in its array")
        }
    }

    /// A buffer that must be there, as there are rows.
    func buffer(_ index: Int) throws(CTRError) -> UnsafeRawPointer {
        guard index < array.n_buffers, let buffer = array.buffers[index] else {
            throw .invalidData("\(label): Arrow buffer \(index) is a null pointer")
        }
        return buffer
    }

    func unsupported() -> CTRError {
        .invalidData(
            "\(label): Arrow format '\(format)' is not supported; \(ArrowReader.supported). Cast the column to one of "
                + "these, or leave it out")
    }

    func invalid(row: Int, _ problem: String) -> CTRError {
        .invalidData("\(label), row \(row) (from 0): \(problem)")
    }
}

// MARK: - What kind of column it is

extension ArrowField {
    func column() throws(CTRError) -> Column {
        if schema.dictionary != nil || array.dictionary != nil { return try dictionaryColumn() }
        if format == "+l" { return try listColumn(Int32.self) }
        if format == "+L" { return try listColumn(Int64.self) }
        return try plainColumn()
    }

    /// A column that is neither dictionary nor list.
    func plainColumn() throws(CTRError) -> Column {
        switch format {
        case "c": return try integers(Int8.self)
        case "C": return try integers(UInt8.self)
        case "s": return try integers(Int16.self)
        case "S": return try integers(UInt16.self)
        case "i": return try integers(Int32.self)
        case "I": return try integers(UInt32.self)
        case "l": return try integers(Int64.self)
        case "L": return try integers(UInt64.self)
        case "e": return try floats(UInt16.self, Self.half)
        case "f": return try floats(UInt32.self) { Double(Float(bitPattern: $0)) }
        case "g": return try floats(UInt64.self) { Double(bitPattern: $0) }
        case "b": return try bools()
        case "u": return try text(Int32.self)
        case "U": return try text(Int64.self)
        case "vu": return try textView()
        case "n": return .numeric([Double](repeating: .nan, count: count))
        default: throw unsupported()
        }
    }
}
