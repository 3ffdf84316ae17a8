import CArrow

/// The values of one array without children or dictionary, read one by one where they lie: no copy, no allocation.
///
/// It reads what `ArrowField` reads, to the same effect, but says nothing of what is wrong: `init` gives nil, and a
/// value is `.invalid`, wherever `ArrowField` might have an error.
struct ArrowCells {
    enum Kind: UInt8 {
        case int8, uint8, int16, uint16, int32, uint32, int64, uint64
        case half, float, double
        case bool, text, largeText, textView, null
    }

    let kind: Kind
    /// The first row's place in the buffers.
    let start: Int
    let count: Int
    private let validity: UnsafeRawPointer?
    private let values: UnsafeRawPointer
    /// Text: its bytes. Text views: the list of buffers.
    private let data: UnsafeRawPointer?
    /// Text views: how many buffers hold longer text.
    private let dataBuffers: Int

    /// The rows `from ..< from + count` of an array; all of its rows where `count` is nil.
    init?(_ schema: UnsafePointer<ArrowSchema>?, _ array: UnsafePointer<ArrowArray>?, from: Int = 0, count: Int? = nil)
    {
        guard let schema, let array, schema.pointee.dictionary == nil, array.pointee.dictionary == nil else {
            return nil
        }
        self.init(values: schema, array, from: from, count: count)
    }

    /// The indices of a dictionary column.
    init?(indices schema: UnsafePointer<ArrowSchema>, _ array: UnsafePointer<ArrowArray>, from: Int, count: Int) {
        self.init(values: schema, array, from: from, count: count)
        guard kind.rawValue <= Kind.uint64.rawValue else { return nil }
    }

    private init?(
        values schema: UnsafePointer<ArrowSchema>, _ array: UnsafePointer<ArrowArray>, from: Int, count: Int?
    ) {
        guard let shape = ArrowShape(schema, array, from: from, count: count), let format = schema.pointee.format,
            let kind = Self.kind(format)
        else { return nil }
        self.kind = kind
        (start, self.count, validity) = (shape.start, shape.count, shape.validity)
        let buffers = array.pointee.buffers
        let number = array.pointee.n_buffers
        // Where no value is read, a buffer may be missing; what stands for it is not read either.
        let none = UnsafeRawPointer(schema)
        switch kind {
        case .null: (values, data, dataBuffers) = (none, nil, 0)
        case .text, .largeText:
            guard number == 3, let buffers, let offsets = buffers[1] ?? (shape.count == 0 ? none : nil) else {
                return nil
            }
            (values, data, dataBuffers) = (offsets, buffers[2], 0)
            if data == nil, shape.count > 0 {
                let last = kind == .text ? Int(load(shape.count, Int32.self)) : Int(load(shape.count, Int64.self))
                guard last == 0 else { return nil }
            }
        case .textView:
            guard number >= 3, number < Int64(Int32.max), let buffers,
                let views = buffers[1] ?? (shape.count == 0 ? none : nil)
            else { return nil }
            (values, data, dataBuffers) = (views, UnsafeRawPointer(buffers), Int(number) - 3)
        default:
            guard number == 2, let buffers, let numbers = buffers[1] ?? (shape.count == 0 ? none : nil) else {
                return nil
            }
            (values, data, dataBuffers) = (numbers, nil, 0)
        }
    }

    var isNumeric: Bool {
        switch kind {
        case .text, .largeText, .textView: false
        default: true
        }
    }

    private static func kind(_ format: UnsafePointer<CChar>) -> Kind? {
        let first = UInt8(bitPattern: format[0])
        guard first != 0 else { return nil }
        if format[1] != 0 {
            return first == UInt8(ascii: "v") && UInt8(bitPattern: format[1]) == UInt8(ascii: "u") && format[2] == 0
                ? .textView : nil
        }
        switch first {
        case UInt8(ascii: "c"): return .int8
        case UInt8(ascii: "C"): return .uint8
        case UInt8(ascii: "s"): return .int16
        case UInt8(ascii: "S"): return .uint16
        case UInt8(ascii: "i"): return .int32
        case UInt8(ascii: "I"): return .uint32
        case UInt8(ascii: "l"): return .int64
        case UInt8(ascii: "L"): return .uint64
        case UInt8(ascii: "e"): return .half
        case UInt8(ascii: "f"): return .float
        case UInt8(ascii: "g"): return .double
        case UInt8(ascii: "b"): return .bool
        case UInt8(ascii: "u"): return .text
        case UInt8(ascii: "U"): return .largeText
        case UInt8(ascii: "n"): return .null
        default: return nil
        }
    }

    @inline(__always)
    private func load<T: BitwiseCopyable>(_ row: Int, _ type: T.Type) -> T {
        values.loadUnaligned(fromByteOffset: (start &+ row) &* MemoryLayout<T>.stride, as: type)
    }

    @inline(__always)
    private func isValid(_ row: Int) -> Bool {
        guard let validity else { return true }
        return ArrowField.bit(validity, start &+ row)
    }

    /// The value of a row in `0..<count`.
    @inline(__always)
    func cell(_ row: Int) -> Cell {
        switch kind {
        // Offsets are checked under a null too.
        case .text: return text(row, Int32.self)
        case .largeText: return text(row, Int64.self)
        default: break
        }
        guard isValid(row) else { return .missing }
        switch kind {
        case .int64: return signed(Int64(load(row, Int64.self)))
        case .double: return float(load(row, Double.self))
        case .int8: return signed(Int64(load(row, Int8.self)))
        case .uint8: return .integer(UInt64(load(row, UInt8.self)), isNegative: false)
        case .int16: return signed(Int64(load(row, Int16.self)))
        case .uint16: return .integer(UInt64(load(row, UInt16.self)), isNegative: false)
        case .int32: return signed(Int64(load(row, Int32.self)))
        case .uint32: return .integer(UInt64(load(row, UInt32.self)), isNegative: false)
        case .uint64: return .integer(load(row, UInt64.self), isNegative: false)
        case .half: return float(ArrowField.half(load(row, UInt16.self)))
        case .float: return float(Double(load(row, Float.self)))
        case .bool: return .boolean(ArrowField.bit(values, start &+ row))
        case .textView: return view(row)
        case .null, .text, .largeText: return .missing
        }
    }

    /// The index that a row of a dictionary column holds; -1 where it is missing, nil where it is not in the dictionary.
    @inline(__always)
    func index(_ row: Int, below limit: Int) -> Int? {
        switch cell(row) {
        case .missing: return -1
        case .integer(let magnitude, let isNegative):
            guard !isNegative, magnitude < UInt64(limit) else { return nil }
            return Int(magnitude)
        default: return nil
        }
    }

    /// Whether each of its values is valid, used or not.
    func isValid() -> Bool {
        switch kind {
        case .half, .float, .double, .text, .largeText, .textView:
            for row in 0..<count { if case .invalid = cell(row) { return false } }
        default: break
        }
        return true
    }

    @inline(__always)
    private func signed(_ value: Int64) -> Cell { .integer(value.magnitude, isNegative: value < 0) }

    @inline(__always)
    private func float(_ value: Double) -> Cell {
        value.isNaN ? .missing : value.isInfinite ? .invalid : .number(value)
    }

    @inline(__always)
    private func text<Offset: FixedWidthInteger & SignedInteger & BitwiseCopyable>(
        _ row: Int, _ type: Offset.Type
    ) -> Cell {
        let begin = load(row, type)
        let end = load(row &+ 1, type)
        guard begin >= 0, end >= begin else { return .invalid }
        guard isValid(row) else { return .missing }
        let bytes = UnsafeRawBufferPointer(
            start: data.map { $0 + Int(truncatingIfNeeded: begin) }, count: Int(truncatingIfNeeded: end &- begin))
        return UTF8Check.isValid(bytes) ? .text(bytes) : .invalid
    }

    @inline(never)
    private func view(_ row: Int) -> Cell {
        let view = values + (start + row) * 16
        let length = Int(view.loadUnaligned(as: Int32.self))
        guard length >= 0 else { return .invalid }
        var text = UnsafeRawBufferPointer(start: view + 4, count: length)
        if length > 12 {
            let index = Int(view.loadUnaligned(fromByteOffset: 8, as: Int32.self))
            let offset = Int(view.loadUnaligned(fromByteOffset: 12, as: Int32.self))
            guard let buffers = data?.assumingMemoryBound(to: UnsafeRawPointer?.self), index >= 0, index < dataBuffers,
                let sizes = buffers[dataBuffers + 2], let bytes = buffers[index + 2], offset >= 0,
                Int64(offset) + Int64(length) <= sizes.loadUnaligned(fromByteOffset: index * 8, as: Int64.self)
            else { return .invalid }
            text = UnsafeRawBufferPointer(start: bytes + offset, count: length)
        }
        return UTF8Check.isValid(text) ? .text(text) : .invalid
    }
}

/// Where an array's rows lie, if the checks that every kind of array has to pass are passed (see `ArrowField.init`).
struct ArrowShape {
    let start: Int
    let count: Int
    /// Nil where no value is null.
    let validity: UnsafeRawPointer?

    init?(_ schema: UnsafePointer<ArrowSchema>?, _ array: UnsafePointer<ArrowArray>?, from: Int, count: Int?) {
        guard let schema, let array, schema.pointee.release != nil, array.pointee.release != nil,
            schema.pointee.format != nil, array.pointee.length >= 0, array.pointee.offset >= 0,
            array.pointee.null_count >= -1
        else { return nil }
        let (end, overflow) = array.pointee.offset.addingReportingOverflow(array.pointee.length)
        guard !overflow, end < Int64.max / 64, let length = Int(exactly: array.pointee.length),
            let offset = Int(exactly: array.pointee.offset)
        else { return nil }
        let wanted = count ?? length
        guard from >= 0, wanted >= 0, from <= length, wanted <= length - from, wanted <= ArrowReader.limit,
            array.pointee.n_buffers >= 0, array.pointee.n_buffers == 0 || array.pointee.buffers != nil
        else { return nil }
        start = offset + from
        self.count = wanted
        if array.pointee.null_count != 0, array.pointee.n_buffers > 0, let bits = array.pointee.buffers[0] {
            validity = bits
        } else {
            guard array.pointee.null_count <= 0 || array.pointee.n_buffers == 0 else { return nil }
            validity = nil
        }
    }
}
