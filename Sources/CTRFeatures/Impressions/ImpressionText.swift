/// A query's or summary's words as their hashes, which is all that the features ask of them.
struct ImpressionText {
    /// XXH64 of each word, in order.
    var words: [UInt64] = []
    /// The ids of the first distinct words that say something (`ImpressionText.says`).
    var ids: [Double] = []

    /// A stable id for a text: a whole number in [1, 2^40), which a double and a float column carry exactly.
    static func id(ofHash hash: UInt64) -> Double { Double(max(hash & ((1 << 40) - 1), 1)) }

    static func id(of text: UnsafeRawBufferPointer) -> Double { id(ofHash: XXH64.hash(text)) }

    /// Whether a word holds a letter, a digit or a Han character: punctuation and blanks do not.
    static func says(_ word: UnsafeRawBufferPointer) -> Bool {
        String(decoding: word, as: UTF8.self).unicodeScalars.contains {
            $0.properties.isAlphabetic || $0.properties.numericType != nil || $0.properties.isIdeographic
        }
    }

    mutating func append(hash: UInt64, says: Bool, limit: Int) {
        words.append(hash)
        let id = Self.id(ofHash: hash)
        if says, ids.count < limit, !ids.contains(id) { ids.append(id) }
    }

    /// The share of this text's distinct words that the other has too; 0 without words.
    func shareFound(in other: ImpressionText) -> Double {
        let mine = Set(words)
        if mine.isEmpty { return 0 }
        return Double(mine.intersection(other.words).count) / Double(mine.count)
    }

    static func codePoints(_ text: UnsafeRawBufferPointer) -> Int {
        text.reduce(0) { $0 + ($1 & 0xC0 == 0x80 ? 0 : 1) }
    }
}
