/// A query's or summary's words as their hashes, which is all that the features ask of them.
struct ImpressionText {
    /// XXH64 of each word, in order.
    var words: [UInt64] = []
    /// The ids of the first distinct words that say something, without those of markup: the testbed's search hands on
    /// summaries with tags around what it found.
    var ids: [Double] = []
    /// How many words and ids there were when a "<" came that no ">" has followed yet.
    private var opened: (words: Int, ids: Int)?
    /// A tag of more words than this is none.
    private static let longestTag = 64

    enum Kind {
        /// It holds a letter, a digit or a Han character.
        case saying
        case opening
        case closing
        /// Other punctuation, and blanks.
        case silent
    }

    /// A stable id for a text: a whole number in [1, 2^40), which a double and a float column carry exactly.
    static func id(ofHash hash: UInt64) -> Double { Double(max(hash & ((1 << 40) - 1), 1)) }

    static func id(of text: UnsafeRawBufferPointer) -> Double { id(ofHash: XXH64.hash(text)) }

    static func kind(of word: UnsafeRawBufferPointer) -> Kind {
        if word.elementsEqual("<".utf8) { return .opening }
        if word.elementsEqual(">".utf8) { return .closing }
        let says = String(decoding: word, as: UTF8.self).unicodeScalars.contains {
            $0.properties.isAlphabetic || $0.properties.numericType != nil || $0.properties.isIdeographic
        }
        return says ? .saying : .silent
    }

    mutating func append(hash: UInt64, kind: Kind, limit: Int) {
        words.append(hash)
        switch kind {
        case .saying:
            let id = Self.id(ofHash: hash)
            if ids.count < limit, !ids.contains(id) { ids.append(id) }
        case .opening: opened = (words.count, ids.count)
        case .closing:
            if let opened, words.count - opened.words <= Self.longestTag { ids.removeLast(ids.count - opened.ids) }
            opened = nil
        case .silent: break
        }
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
