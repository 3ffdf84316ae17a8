import CArrow

/// The values of one array without children or dictionary, read one by one where they lie: no copy, no allocation.
///
/// What lies outside the array's buffers, as far as the interface tells of them, is never read, whatever the buffers
/// hold and whoever changes them meanwhile: each offset is read once and compared with the last one before any text is.
struct ArrowCells {
    enum Kind: UInt8 {
        case int8, uint8, int16, uint16, int32, uint32, int64, uint64
        case half, float, double
        case bool, text, largeText, textView, null

        var isInteger: Bool { rawValue <= Kind.uint64.rawValue }
    }

    let kind: Kind
    /// The first row's index in the buffers.
    let start: Int
    let count: Int
    /// Nil where no value is null.
    let validity: UnsafeRawPointer?
    let values: UnsafeRawPointer
    /// Text: its bytes. Text views: the list of buffers.
    let data: UnsafeRawPointer?
    /// Text: where all of the array's text ends. Text views: how many buffers hold longer text.
    let limit: Int

    init(_ shape: ArrowShape) throws(ArrowFault) {
        guard let kind = Self.kind(shape.format) else { throw shape.unsupported }
        self.kind = kind
        (start, count) = (shape.start, shape.count)
        // A null array has no buffers: whatever it says of them, none is looked at.
        guard kind != .null else {
            (validity, values, data, limit) = (nil, UnsafeRawPointer(shape.schema), nil, 0)
            return
        }
        let array = shape.array
        switch kind {
        case .text, .largeText:
            try shape.expectBuffers(3)
            values = try shape.buffer(1)
            data = array.pointee.buffers[2].map { UnsafeRawPointer($0) }
            limit = shape.count == 0 ? 0 : Self.offset(values, shape.end, kind)
            guard data != nil || limit == 0 else { throw ArrowFault("Arrow buffer 2, the text, is a null pointer") }
        case .textView:
            let number = array.pointee.n_buffers
            guard number >= 3, number < Int64(Int32.max), let buffers = array.pointee.buffers else {
                throw ArrowFault("Arrow format 'vu' has at least 3 buffers, not \(number)")
            }
            values = try shape.buffer(1)
            (data, limit) = (UnsafeRawPointer(buffers), Int(number) - 3)
        default:
            try shape.expectBuffers(2)
            values = try shape.buffer(1)
            (data, limit) = (nil, 0)
        }
        validity = try shape.validity()
    }

    static func kind(_ format: UnsafePointer<CChar>) -> Kind? {
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

    static func offset(_ offsets: UnsafeRawPointer, _ at: Int, _ kind: Kind) -> Int {
        kind == .text
            ? Int(offsets.loadUnaligned(fromByteOffset: at &* 4, as: Int32.self))
            : Int(offsets.loadUnaligned(fromByteOffset: at &* 8, as: Int64.self))
    }

    /// Element `row` of the values; they need not be aligned.
    @inline(__always)
    func load<T: BitwiseCopyable>(_ row: Int, _ type: T.Type) -> T {
        values.loadUnaligned(fromByteOffset: (start &+ row) &* MemoryLayout<T>.stride, as: type)
    }

    @inline(__always)
    func isValid(_ row: Int) -> Bool {
        guard let validity else { return true }
        return ArrowShape.bit(validity, start &+ row)
    }

    /// The value of a row in `0..<count`. `isTextChecked` false: text may be no UTF-8.
    @inline(__always)
    func cell(_ row: Int, isTextChecked: Bool = true) -> Cell {
        switch kind {
        // Offsets are checked under a null too.
        case .text: return textCell(row, text(row, Int32.self), isTextChecked)
        case .largeText: return textCell(row, text(row, Int64.self), isTextChecked)
        default: break
        }
        guard isValid(row) else { return .missing }
        switch kind {
        case .int64: return load(row, Int64.self).cell
        case .double: return load(row, Double.self).cell
        case .int8: return load(row, Int8.self).cell
        case .uint8: return load(row, UInt8.self).cell
        case .int16: return load(row, Int16.self).cell
        case .uint16: return load(row, UInt16.self).cell
        case .int32: return load(row, Int32.self).cell
        case .uint32: return load(row, UInt32.self).cell
        case .uint64: return load(row, UInt64.self).cell
        case .half: return load(row, HalfFloat.self).cell
        case .float: return load(row, Float.self).cell
        case .bool: return .boolean(ArrowShape.bit(values, start &+ row))
        case .textView: return textCell(row, view(row), isTextChecked)
        case .null, .text, .largeText: return .missing
        }
    }

    /// Calls `body` with each row and its value, in order: numbers by a loop of their type.
    @inline(__always)
    func forEach<E: Error>(isTextChecked: Bool = true, _ body: (Int, Cell) throws(E) -> Void) throws(E) {
        switch kind {
        case .int8: try forEach(Int8.self, body)
        case .uint8: try forEach(UInt8.self, body)
        case .int16: try forEach(Int16.self, body)
        case .uint16: try forEach(UInt16.self, body)
        case .int32: try forEach(Int32.self, body)
        case .uint32: try forEach(UInt32.self, body)
        case .int64: try forEach(Int64.self, body)
        case .uint64: try forEach(UInt64.self, body)
        case .half: try forEach(HalfFloat.self, body)
        case .float: try forEach(Float.self, body)
        case .double: try forEach(Double.self, body)
        default: for row in 0..<count { try body(row, cell(row, isTextChecked: isTextChecked)) }
        }
    }

    @inline(__always)
    private func forEach<T: ArrowNumber, E: Error>(
        _ type: T.Type, _ body: (Int, Cell) throws(E) -> Void
    ) throws(E) {
        // Of its own: a value that `body` stores might else be where the buffers' addresses are.
        let cells = self
        for row in 0..<count { try body(row, cells.isValid(row) ? cells.load(row, type).cell : .missing) }
    }

    /// The first row whose value is invalid, used or not.
    func firstInvalid() -> Int? {
        switch kind {
        case .half, .float, .double, .text, .largeText, .textView:
            for row in 0..<count { if case .invalid = cell(row) { return row } }
        default: break
        }
        return nil
    }
}
