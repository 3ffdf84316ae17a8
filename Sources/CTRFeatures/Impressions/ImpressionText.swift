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
        if word.count == 1 {
            if word[0] == UInt8(ascii: "<") { return .opening }
            if word[0] == UInt8(ascii: ">") { return .closing }
        }
        var bytes = word.makeIterator()
        var decoder = UTF8()
        while true {
            switch decoder.decode(&bytes) {
            case .scalarValue(let scalar): if says(scalar) { return .saying }
            case .error: continue
            case .emptyInput: return .silent
            }
        }
    }

    /// Whether it is a letter, a digit or a Han character.
    private static func says(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x4E00...0x9FFF: return true
        case 0..<0x80: return false
        default:
            let properties = scalar.properties
            return properties.isAlphabetic || properties.numericType != nil || properties.isIdeographic
        }
    }

    /// Begins anew with a text's words, which end at ascending byte offsets; an end outside the text ends the list.
    mutating func read(_ bytes: UnsafeRawBufferPointer, ends: UnsafeBufferPointer<Int32>, limit: Int) {
        words.removeAll(keepingCapacity: true)
        ids.removeAll(keepingCapacity: true)
        opened = nil
        var start = 0
        for end in ends {
            guard Int(end) >= start, Int(end) <= bytes.count else { break }
            let word = UnsafeRawBufferPointer(rebasing: bytes[start..<Int(end)])
            append(hash: XXH64.hash(word), kind: Self.kind(of: word), limit: limit)
            start = Int(end)
        }
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

    /// Up to so many comparisons of words cost less than a set of them, which has to be allocated.
    private static let mostComparisons = 16_384

    /// The share of this text's distinct words that the other has too; 0 without words.
    func shareFound(in other: ImpressionText) -> Double {
        if words.isEmpty { return 0 }
        guard words.count * (words.count + other.words.count) <= Self.mostComparisons else {
            let mine = Set(words)
            return Double(mine.intersection(other.words).count) / Double(mine.count)
        }
        var (distinct, found) = (0, 0)
        for (index, word) in words.enumerated() where !words[..<index].contains(word) {
            distinct += 1
            if other.words.contains(word) { found += 1 }
        }
        return Double(found) / Double(distinct)
    }

    static func codePoints(_ text: UnsafeRawBufferPointer) -> Int {
        var count = 0
        for byte in text { count &+= byte & 0xC0 == 0x80 ? 0 : 1 }
        return count
    }
}
