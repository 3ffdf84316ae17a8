import CTRKernels

/// The features of the testbed's click log: its logistic regression's twelve, in its order and to the last bit on
/// records in time order, then the ids of query, document and their words, which the logistic regression ignores.
package enum ImpressionFeatures {
    package static let queryWords = 6
    package static let summaryWords = 16
    package static let scaled = 12
    package static let count = scaled + 2 + queryWords + summaryWords

    /// One impression's inputs but for its texts' click rates.
    struct Record {
        var position: Double
        var score: Double
        var documentLength: Double
        var queryLength: Int
        var summaryLength: Int
        var query: ImpressionText
        var summary: ImpressionText
        var queryRate: Double
        var documentRate: Double
        var timestampChecksum: Double
        var queryID: Double
        var documentID: Double
    }

    static func write(_ record: Record, to row: UnsafeMutablePointer<Double>) {
        row[0] = record.position
        row[1] = record.documentLength
        row[2] = Double(record.queryLength)
        row[3] = Double(record.summaryLength)
        row[4] = record.query.shareFound(in: record.summary)
        row[5] = record.queryRate
        row[6] = record.documentRate
        row[7] = 1 / (record.position + 1)
        row[8] = Double(record.query.words.count)
        row[9] = Double(record.summary.words.count)
        row[10] = record.timestampChecksum
        row[11] = record.score
        row[12] = record.queryID
        row[13] = record.documentID
        for index in 0..<queryWords {
            row[14 + index] = index < record.query.ids.count ? record.query.ids[index] : 0
        }
        for index in 0..<summaryWords {
            row[14 + queryWords + index] = index < record.summary.ids.count ? record.summary.ids[index] : 0
        }
    }

    /// A click history with a log's records added.
    package static func extended(
        _ history: ImpressionHistory, by table: Table
    ) throws(CTRError) -> ImpressionHistory {
        let log = try ImpressionLog(table)
        var history = history
        let order = log.timeOrder()
        _ = history.queries.rates(of: log.query, clicked: log.clicked, order: order)
        _ = history.documents.rates(of: log.document, clicked: log.clicked, order: order)
        guard !history.queries.names.lacksMemory, !history.documents.names.lacksMemory else {
            throw Memory.lacking(0, for: "the click history of \(table.rowCount) rows")
        }
        return history
    }

    /// The feature matrix of a log, row-major.
    package static func matrix(of table: Table) throws(CTRError) -> [Double] {
        let log = try ImpressionLog(table)
        // The matrix, and what is worked out of each row on the way there.
        try Memory.require(
            Memory.bytes(table.rowCount, each: 8 * (count + 16)), for: "the features of \(table.rowCount) impressions")
        var history = ImpressionHistory()
        let order = log.timeOrder()
        let queryRates = history.queries.rates(of: log.query, clicked: log.clicked, order: order)
        let documentRates = history.documents.rates(of: log.document, clicked: log.clicked, order: order)
        let queryLengths = log.codePoints(of: log.query)
        let summaryLengths = log.codePoints(of: log.summary)
        let queryIDs = log.ids(of: log.query)
        let documentIDs = log.ids(of: log.document)
        let words = ImpressionWords(query: log.queryWords, summary: log.summaryWords)
        var features = [Double](repeating: 0, count: table.rowCount * count)
        features.withUnsafeMutableBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return }
            for row in 0..<table.rowCount {
                let record = Record(
                    position: log.position[row], score: log.score[row], documentLength: log.documentLength[row],
                    queryLength: queryLengths[row], summaryLength: summaryLengths[row],
                    query: words.query(row), summary: words.summary(row), queryRate: queryRates[row],
                    documentRate: documentRates[row], timestampChecksum: log.timestampChecksum[row],
                    queryID: queryIDs[row], documentID: documentIDs[row])
                write(record, to: base + row * count)
            }
        }
        return features
    }
}
