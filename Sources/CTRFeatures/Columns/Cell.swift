import CTRKernels

/// One value of a column, read where it lies.
enum Cell {
    case missing
    /// A finite number.
    case number(Double)
    /// A whole number of an integer column.
    case integer(Int64)
    /// One above the greatest Int64.
    case large(UInt64)
    case boolean(Bool)
    case text(UnsafeRawBufferPointer)
    /// Something that the reader of whole columns has an error for.
    case invalid

    /// As `Column.asNumeric` has it: NaN where it is missing; nil for text.
    @inline(__always)
    var number: Double? {
        switch self {
        case .missing: .nan
        case .number(let value): value
        case .integer(let value): Double(value)
        case .large(let value): Double(value)
        case .boolean(let value): value ? 1 : 0
        case .text, .invalid: nil
        }
    }

    /// The index in a dictionary that it is: -1 where it is missing, nil where it is none below `limit`.
    @inline(__always)
    func index(below limit: Int) -> Int? {
        switch self {
        case .missing: return -1
        case .integer(let value): return value >= 0 && value < limit ? Int(value) : nil
        default: return nil
        }
    }

    /// Whether it is a number and that number is 0.
    @inline(__always)
    var isZero: Bool {
        switch self {
        case .number(let value): value == 0
        case .integer(let value): value == 0
        case .missing, .large, .boolean, .text, .invalid: false
        }
    }

    /// The text of the value as a category, as `Column.asCategorical` has it: none where it is missing. The bytes stay
    /// valid for the call only.
    @inline(__always)
    func withCategory<R>(_ body: (UnsafeRawBufferPointer) -> R) -> R? {
        switch self {
        case .missing, .invalid: return nil
        case .text(let bytes): return body(bytes)
        case .boolean(let value):
            let text: StaticString = value ? "true" : "false"
            return text.withUTF8Buffer { body(UnsafeRawBufferPointer($0)) }
        case .integer(let value): return Self.withDigits(value.magnitude, isNegative: value < 0, body)
        case .large(let value): return Self.withDigits(value, isNegative: false, body)
        case .number(let value):
            if let whole = Int64(exactly: value), whole.magnitude < 1 << 53 {
                return Self.withDigits(whole.magnitude, isNegative: whole < 0, body)
            }
            return Column.categoryText(value).withUTF8Bytes(body)
        }
    }

    /// A whole number's decimal text.
    @inline(__always)
    static func withDigits<R>(
        _ magnitude: UInt64, isNegative: Bool, _ body: (UnsafeRawBufferPointer) -> R
    ) -> R {
        withUnsafeTemporaryAllocation(byteCount: 24, alignment: 8) { buffer in
            var at = 24
            var rest = magnitude
            repeat {
                let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
                at -= 1
                buffer[at] = UInt8(truncatingIfNeeded: digit) + 0x30
                rest = quotient
            } while rest > 0
            if isNegative {
                at -= 1
                buffer[at] = 0x2D
            }
            return body(UnsafeRawBufferPointer(rebasing: buffer[at...]))
        }
    }
}
