/// Whether bytes are well-formed UTF-8 (the Unicode Standard's table 3-7: no overlong forms, no surrogates).
package enum UTF8Check {
    package static func isValid(_ bytes: UnsafeRawBufferPointer) -> Bool {
        let count = bytes.count
        guard count > 0, let base = bytes.baseAddress else { return true }
        var at = 0
        while at < count {
            // Eight ASCII bytes at a time: most text is short, but summaries are not.
            if count - at >= 8, base.loadUnaligned(fromByteOffset: at, as: UInt64.self) & 0x8080_8080_8080_8080 == 0 {
                at += 8
                continue
            }
            let lead = byte(base, at)
            if lead < 0x80 {
                at += 1
                continue
            }
            let length: Int
            var low: UInt8 = 0x80
            var high: UInt8 = 0xBF
            switch lead {
            case 0xC2...0xDF: length = 2
            case 0xE0: (length, low) = (3, 0xA0)
            case 0xED: (length, high) = (3, 0x9F)
            case 0xE1...0xEF: length = 3
            case 0xF0: (length, low) = (4, 0x90)
            case 0xF4: (length, high) = (4, 0x8F)
            case 0xF1...0xF3: length = 4
            default: return false
            }
            guard count - at >= length else { return false }
            let second = byte(base, at + 1)
            guard second >= low, second <= high else { return false }
            for next in 2..<max(2, length) where byte(base, at + next) & 0xC0 != 0x80 { return false }
            at += length
        }
        return true
    }

    @inline(__always)
    private static func byte(_ base: UnsafeRawPointer, _ at: Int) -> UInt8 {
        base.load(fromByteOffset: at, as: UInt8.self)
    }
}
