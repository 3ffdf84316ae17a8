import CTRKernels

/// The columns of a click log, checked once: one row an impression.
struct ImpressionLog {
    let query: CategoricalColumn
    let document: CategoricalColumn
    let summary: CategoricalColumn
    let queryWords: MultiColumn
    let summaryWords: MultiColumn
    let position: [Double]
    let documentLength: [Double]
    let score: [Double]
    let clicked: [Bool]
    /// Sum of the timestamp's code points, modulo 1000: the testbed's own feature.
    let timestampChecksum: [Double]
    /// For each row a number that orders the timestamps.
    private let time: [Double]

    init(_ table: Table) throws(CTRError) {
        for name in ["query", "doc_id", "summary", "position", "doc_length", "score", "timestamp"] {
            _ = try Self.present(name, in: table)
        }
        try Memory.require(Self.need(table), for: "the log's \(table.rowCount) rows")
        query = try Self.text("query", in: table)
        document = try Self.text("doc_id", in: table)
        summary = try Self.text("summary", in: table)
        queryWords = try Self.words("query_words", in: table)
        summaryWords = try Self.words("summary_words", in: table)
        position = try Self.numbers("position", in: table)
        if let row = position.firstIndex(where: { $0 < 0 }) {
            throw .invalidData("column 'position', row \(row) (from 0): \(position[row]); a position is not negative")
        }
        documentLength = try Self.numbers("doc_length", in: table)
        score = try Self.numbers("score", in: table)
        clicked = try Labels.read("clicked", from: table)
        let timestamp = try Self.text("timestamp", in: table)
        let checksums = timestamp.dictionary.strings.map { text in
            Double(text.unicodeScalars.reduce(0) { ($0 + Int($1.value)) % 1000 })
        }
        timestampChecksum = timestamp.codes.map { checksums[Int($0)] }
        if table.column("time") != nil {
            time = try Self.numbers("time", in: table)
        } else if let values = table.column("timestamp")?.asNumeric() {
            time = values
        } else {
            time = Self.ranks(timestamp)
        }
    }

    /// Bytes that a log and its features take beside the table, at most: columns as they are read, texts one by one.
    private static func need(_ table: Table) -> Int {
        let row = 8 * (ImpressionFeatures.count + 24)
        let texts = table.names.map { name in
            switch table.column(name) {
            case .categorical(let column): EncodingNeed.kept(column.dictionary)
            case .multi(let column): EncodingNeed.kept(column.dictionary)
            case .numeric, .missing, nil: 0
            }
        }
        return EncodingNeed.sum(texts + [Memory.bytes(table.rowCount, each: row)])
    }

    /// The rows in time order; rows of one time keep their order.
    func timeOrder() -> [Int] {
        let rows = Array(time.indices)
        if zip(time, time.dropFirst()).allSatisfy({ $0 <= $1 }) { return rows }
        return rows.sorted { (time[$0], $0) < (time[$1], $1) }
    }

    func codePoints(of column: CategoricalColumn) -> [Int] {
        let lengths = (0..<column.dictionary.count).map { index in
            column.dictionary.withBytes(of: index) { ImpressionText.codePoints($0) }
        }
        return column.codes.map { lengths[Int($0)] }
    }

    func ids(of column: CategoricalColumn) -> [Double] {
        let ids = (0..<column.dictionary.count).map { index in
            column.dictionary.withBytes(of: index) { ImpressionText.id(of: $0) }
        }
        return column.codes.map { ids[Int($0)] }
    }

    /// A timestamp's position among the distinct ones in byte order, which for UTF-8 is the order of code points.
    private static func ranks(_ column: CategoricalColumn) -> [Double] {
        let entries = column.dictionary.strings
        let order = entries.indices.sorted { entries[$0].utf8.lexicographicallyPrecedes(entries[$1].utf8) }
        var ranks = [Double](repeating: 0, count: entries.count)
        for (rank, entry) in order.enumerated() { ranks[entry] = Double(rank) }
        return column.codes.map { ranks[Int($0)] }
    }

    private static func missing(_ name: String, _ table: Table) -> CTRError {
        .invalidData("the log has no column '\(name)'; its columns are \(table.names.joined(separator: ", "))")
    }

    private static func missing(_ name: String, row: Int) -> CTRError {
        .invalidData("column '\(name)', row \(row) (from 0) is missing; an impression has one")
    }

    /// A column of which a value may be there.
    private static func present(_ name: String, in table: Table) throws(CTRError) -> Column {
        guard let column = table.column(name) else { throw missing(name, table) }
        if case .missing(let rows) = column, rows > 0 { throw missing(name, row: 0) }
        return column
    }

    private static func text(_ name: String, in table: Table) throws(CTRError) -> CategoricalColumn {
        let column = try present(name, in: table)
        guard let text = column.asCategorical() else {
            throw .invalidData("column '\(name)' holds lists; it must hold text")
        }
        if let row = text.codes.firstIndex(where: { $0 < 0 }) { throw missing(name, row: row) }
        return text
    }

    private static func words(_ name: String, in table: Table) throws(CTRError) -> MultiColumn {
        guard let column = table.column(name) else { throw missing(name, table) }
        // No row has any word.
        if case .missing(let rows) = column {
            return MultiColumn(dictionary: StringTable(), offsets: [Int](repeating: 0, count: rows + 1), codes: [])
        }
        guard case .multi(let words) = column else {
            throw .invalidData("column '\(name)' holds \(column.kindName); it must hold lists of words")
        }
        return words
    }

    private static func numbers(_ name: String, in table: Table) throws(CTRError) -> [Double] {
        let column = try present(name, in: table)
        guard let values = column.asNumeric() else {
            throw .invalidData("column '\(name)' holds \(column.kindName); it must hold numbers")
        }
        if let row = values.firstIndex(where: \.isNaN) { throw missing(name, row: row) }
        return values
    }
}
