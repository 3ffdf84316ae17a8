import Testing

@testable import CTRFeatures

struct UTF8CheckTests {
    /// Every string of up to three bytes of interest, and some of four, agrees with the standard library.
    @Test func agreesWithTheStandardLibrary() {
        let bytes: [UInt8] = [
            0x00, 0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1, 0xEC, 0xED, 0xEE,
            0xEF, 0xF0, 0xF1, 0xF3, 0xF4, 0xF5, 0xFF,
        ]
        func check(_ text: [UInt8]) {
            let valid = String(validating: text, as: UTF8.self) != nil
            if text.withUnsafeBytes({ UTF8Check.isValid($0) }) != valid { Issue.record("\(text)") }
        }
        check([])
        for a in bytes {
            check([a])
            for b in bytes {
                check([a, b])
                for c in bytes {
                    check([a, b, c])
                    for d in bytes where a >= 0xE0 { check(Array("12345678".utf8) + [a, b, c, d]) }
                }
            }
        }
    }
}
