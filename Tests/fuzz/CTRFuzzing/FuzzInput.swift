/// A fuzzer's bytes, taken one after the other as choices and values; zeros once they are at an end.
struct FuzzInput {
    private var rest: Slice<UnsafeRawBufferPointer>

    init(_ bytes: UnsafeRawBufferPointer) { rest = bytes[...] }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func byte() -> UInt8 { rest.popFirst() ?? 0 }

    /// 0..<bound, at most 256.
    mutating func choice(_ bound: Int) -> Int { Int(byte()) % max(1, bound) }

    /// True for about one value in `parts`, and never at the end: what is rare is in the bytes.
    mutating func rarely(_ parts: Int) -> Bool { choice(parts) == parts - 1 }

    mutating func of<Value>(_ values: [Value]) -> Value { values[choice(values.count)] }

    mutating func bits() -> UInt64 { (0..<8).reduce(0) { bits, _ in bits << 8 | UInt64(byte()) } }

    /// Small and whole for the most part; else one of the numbers that break things, or any bits.
    mutating func number() -> Double {
        switch choice(16) {
        case 0...10: Double(choice(16)) - 3
        case 11, 12: Double(byte()) / 64
        case 13, 14: of(Self.numbers)
        default: Double(bitPattern: bits())
        }
    }

    mutating func integer() -> Int {
        rarely(4) ? of(Self.integers) : Int(byte())
    }

    mutating func text() -> [UInt8] {
        switch choice(8) {
        case 0...4: Array("v\(choice(12))".utf8)
        case 5, 6: of(Self.texts)
        default: (0..<choice(12)).map { _ in byte() }
        }
    }

    static let numbers: [Double] = [
        .nan, .infinity, -.infinity, -0.0, .leastNonzeroMagnitude, .leastNormalMagnitude, .greatestFiniteMagnitude,
        1e30,
        -1e30, 1e-30, 0x1p53, 0x1p53 + 2, -0x1p63, 0x1p31, 4_294_967_295, 1e308, 1e39, 0.1,
    ]
    static let integers = [
        .max, .min, -1, 1 << 31, (1 << 31) - 1, (1 << 31) - 2, 1 << 32, 1 << 53, (1 << 62), 1 << 40, 65536, 4096,
    ]
    static let texts: [[UInt8]] = [
        [], Array("天气".utf8), Array("é".utf8), Array("e\u{301}".utf8), [0], [0xFF, 0xFE], [0xED, 0xA0, 0x80],
        [0xF4, 0x90, 0x80, 0x80], Array("\u{10FFFF}".utf8), Array("1e400".utf8), Array("NaN".utf8), Array("1.10".utf8),
        Array("a×b".utf8), Array(repeating: 0x61, count: 300), [0xC0, 0x80], [0xE4, 0xBD],
    ]
}
