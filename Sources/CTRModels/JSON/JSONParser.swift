import CTRFeatures

extension JSON {
    /// Parses RFC 8259 JSON to the letter. An error names the line, the column (in bytes, both from 1) and what stands
    /// there. A key that comes twice in an object is an error, and so is nesting deeper than 64.
    package init(parsing text: String) throws(CTRError) {
        try self.init(parsing: Array(text.utf8))
    }

    /// As above for UTF-8 bytes.
    package init(parsing bytes: some Collection<UInt8>) throws(CTRError) {
        var parser = JSONParser(bytes: Array(bytes))
        self = try parser.document()
    }
}

private struct JSONParser {
    let bytes: [UInt8]
    var at = 0
    static let depthLimit = 64

    init(bytes: [UInt8]) { self.bytes = bytes }

    mutating func document() throws(CTRError) -> JSON {
        guard bytes.withUnsafeBytes({ UTF8Check.isValid($0) }) else {
            throw .invalidArgument("JSON: the text is not UTF-8")
        }
        let value = try value(depth: 0)
        skipSpace()
        guard at == bytes.count else { throw failure("the end of the text") }
        return value
    }

    // MARK: Values

    private mutating func value(depth: Int) throws(CTRError) -> JSON {
        skipSpace()
        guard let byte = peek else { throw failure("a value") }
        switch byte {
        case UInt8(ascii: "{"): return try object(depth: depth)
        case UInt8(ascii: "["): return try array(depth: depth)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: throw failure("a value")
        }
    }

    private mutating func word(_ text: StaticString, _ value: JSON) throws(CTRError) -> JSON {
        let end = at + text.utf8CodeUnitCount
        guard end <= bytes.count, bytes[at..<end].elementsEqual(text.description.utf8) else {
            throw failure("'\(text)'")
        }
        at = end
        return value
    }

    private mutating func array(depth: Int) throws(CTRError) -> JSON {
        try enter(depth)
        var values: [JSON] = []
        skipSpace()
        if skip("]") { return .array(values) }
        while true {
            values.append(try value(depth: depth + 1))
            skipSpace()
            if skip("]") { return .array(values) }
            guard skip(",") else { throw failure("',' or ']'") }
        }
    }

    private mutating func object(depth: Int) throws(CTRError) -> JSON {
        try enter(depth)
        var members: [(key: String, value: JSON)] = []
        // Keys are told apart by their bytes: Swift's == on strings takes é in one code point and in two for equal.
        var known: Set<[UInt8]> = []
        skipSpace()
        if skip("}") { return .object(members) }
        while true {
            skipSpace()
            guard peek == UInt8(ascii: "\"") else { throw failure("a key in double quotes") }
            let begin = at
            let key = try string()
            guard known.insert(Array(key.utf8)).inserted else {
                throw .invalidArgument("JSON: key \"\(key)\" comes a second time at \(described(begin))")
            }
            skipSpace()
            guard skip(":") else { throw failure("':'") }
            members.append((key: key, value: try value(depth: depth + 1)))
            skipSpace()
            if skip("}") { return .object(members) }
            guard skip(",") else { throw failure("',' or '}'") }
        }
    }

    private mutating func enter(_ depth: Int) throws(CTRError) {
        guard depth < Self.depthLimit else {
            throw .invalidArgument("JSON: nested deeper than \(Self.depthLimit) at \(described(at))")
        }
        at += 1
    }

    private mutating func number() throws(CTRError) -> JSON {
        let begin = at
        _ = skip("-")
        if !skip("0") { try digits() }
        if skip(".") { try digits() }
        if skip("e") || skip("E") {
            if !skip("+") { _ = skip("-") }
            try digits()
        }
        guard let value = Double(String(decoding: bytes[begin..<at], as: UTF8.self)), value.isFinite else {
            throw .invalidArgument("JSON: the number at \(described(begin)) is too large")
        }
        return .number(value)
    }

    private mutating func digits() throws(CTRError) {
        let begin = at
        while let byte = peek, byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") { at += 1 }
        guard at > begin else { throw failure("a digit") }
    }

    // MARK: Strings

    /// The string whose opening quote is next.
    private mutating func string() throws(CTRError) -> String {
        at += 1
        var text: [UInt8] = []
        while let byte = peek {
            switch byte {
            case UInt8(ascii: "\""):
                at += 1
                return String(decoding: text, as: UTF8.self)
            case UInt8(ascii: "\\"):
                at += 1
                try escape(into: &text)
            case 0..<0x20: throw failure("an escape (control characters must be escaped)")
            default:
                text.append(byte)
                at += 1
            }
        }
        throw failure("'\"'")
    }

    private mutating func escape(into text: inout [UInt8]) throws(CTRError) {
        guard let byte = peek else { throw failure("an escape") }
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
        case UInt8(ascii: "b"): text.append(8)
        case UInt8(ascii: "f"): text.append(12)
        case UInt8(ascii: "n"): text.append(10)
        case UInt8(ascii: "r"): text.append(13)
        case UInt8(ascii: "t"): text.append(9)
        case UInt8(ascii: "u"):
            at += 1
            text.append(contentsOf: String(try escapedScalar()).utf8)
            return
        default: throw failure("an escape: one of \" \\ / b f n r t u")
        }
        at += 1
    }

    private mutating func escapedScalar() throws(CTRError) -> Unicode.Scalar {
        let begin = at
        var value = try hexDigits()
        if value >= 0xD800, value < 0xDC00, skip("\\"), skip("u") {
            let low = try hexDigits()
            // A low surrogate adds its 10 bits; anything else leaves the high one alone, which is no scalar.
            if low >= 0xDC00, low < 0xE000 { value = 0x10000 + (value - 0xD800) << 10 + (low - 0xDC00) }
        }
        guard let scalar = Unicode.Scalar(value) else {
            throw .invalidArgument("JSON: half a surrogate pair at \(described(begin))")
        }
        return scalar
    }

    private mutating func hexDigits() throws(CTRError) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = peek, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
                throw failure("four hexadecimal digits")
            }
            value = value << 4 | UInt32(truncatingIfNeeded: digit)
            at += 1
        }
        return value
    }

    // MARK: Bytes

    private var peek: UInt8? { at < bytes.count ? bytes[at] : nil }

    private mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard peek == UInt8(truncatingIfNeeded: character.value) else { return false }
        at += 1
        return true
    }

    private mutating func skipSpace() {
        while let byte = peek, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { at += 1 }
    }

    private func described(_ position: Int) -> String {
        let before = bytes[..<min(position, bytes.count)]
        let line = before.count { $0 == 0x0A } + 1
        let column = before.count - (before.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0) + 1
        return "line \(line), column \(column)"
    }

    private func failure(_ expected: String) -> CTRError {
        guard let byte = peek else {
            return .invalidArgument("JSON: expected \(expected) at \(described(at)), but the text ends there")
        }
        let found =
            byte >= 0x20 && byte < 0x7F ? "'\(Character(Unicode.Scalar(byte)))'" : "byte 0x" + String(byte, radix: 16)
        return .invalidArgument("JSON: expected \(expected) at \(described(at)), found \(found)")
    }
}
