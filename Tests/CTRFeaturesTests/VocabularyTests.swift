import Testing

@testable import CTRFeatures

@Suite struct VocabularyTests {
    private static func extend(_ vocabulary: inout Vocabulary, _ values: [String]) {
        guard case .categorical(let column) = Column.text(values.map { Optional($0) }) else { return }
        vocabulary.extend(dictionary: column.dictionary, codes: column.codes)
    }

    private static func row(_ vocabulary: Vocabulary, _ value: String) -> Int32 {
        withExtendedLifetime(vocabulary) { value.withUTF8Bytes { vocabulary.view.row(of: $0) } }
    }

    @Test func rareValuesAreUnknownUntilSeenOftenEnough() {
        var vocabulary = Vocabulary(minimumCount: 2)
        Self.extend(&vocabulary, ["a", "b", "a", "c"])
        #expect(Self.row(vocabulary, "a") == 2)
        #expect(Self.row(vocabulary, "b") == Vocabulary.unknown)
        Self.extend(&vocabulary, ["b", "d", "a"])
        #expect(Self.row(vocabulary, "a") == 2)
        #expect(Self.row(vocabulary, "b") == 3)
        #expect(Self.row(vocabulary, "d") == Vocabulary.unknown)
        #expect(vocabulary.counts == [3, 2])
        #expect(vocabulary.pending.strings.sorted() == ["c", "d"])
    }

    @Test func aVocabularyPastItsBoundIsHashed() {
        let values = StringTable((0..<100).map(String.init))
        func vocabulary(bound: Int) -> Vocabulary {
            Vocabulary(dictionary: values, codes: Array(0..<100), minimumCount: 1, maximumSize: bound)
        }
        #expect(vocabulary(bound: 100).buckets == 0)
        let vocabulary = vocabulary(bound: 50)
        #expect(vocabulary.rowCount == 52)
        for value in 0..<200 { #expect((2..<52).contains(Self.row(vocabulary, String(value)))) }
        // XXH64 of "7" modulo 50: the same in every process and on every platform.
        #expect(Self.row(vocabulary, "7") == Int32(2 + XXH64.hash("7") % 50))
    }
}
