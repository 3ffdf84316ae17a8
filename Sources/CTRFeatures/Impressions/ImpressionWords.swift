/// The words of a log's queries and summaries; each distinct word is hashed and looked at once.
struct ImpressionWords {
    private struct Words {
        let column: MultiColumn
        let hashes: [UInt64]
        let kinds: [ImpressionText.Kind]

        init(_ column: MultiColumn) {
            self.column = column
            let entries = 0..<column.dictionary.count
            hashes = entries.map { column.dictionary.withBytes(of: $0) { XXH64.hash($0) } }
            kinds = entries.map { column.dictionary.withBytes(of: $0) { ImpressionText.kind(of: $0) } }
        }

        func text(_ row: Int, limit: Int) -> ImpressionText {
            var text = ImpressionText()
            let codes = column.codes[column.offsets[row]..<column.offsets[row + 1]]
            text.words.reserveCapacity(codes.count)
            for code in codes { text.append(hash: hashes[Int(code)], kind: kinds[Int(code)], limit: limit) }
            return text
        }
    }

    private let queries: Words
    private let summaries: Words

    init(query: MultiColumn, summary: MultiColumn) {
        queries = Words(query)
        summaries = Words(summary)
    }

    func query(_ row: Int) -> ImpressionText { queries.text(row, limit: ImpressionFeatures.queryWords) }
    func summary(_ row: Int) -> ImpressionText { summaries.text(row, limit: ImpressionFeatures.summaryWords) }
}
