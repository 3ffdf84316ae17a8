/// One impression as the testbed serves it: the arguments of its `predict_ctr`, with the texts cut into words.
///
/// ```swift
/// let impression = Impression(
///     query: Impression.Text(words: ["world", " ", "cup"]), documentID: "doc_7", position: 0, score: 1.5,
///     summary: Impression.Text(words: ["The", " ", "cup", " ", "begins"]))
/// let probability = try served.predictCTR(impression)
/// ```
public struct Impression: Sendable {
    /// A text and where its words end, in bytes.
    ///
    /// ```swift
    /// let query = Impression.Text(words: ["世界", "杯"])
    /// print(query.bytes.count, query.wordEnds)  // 9 [6, 9]
    /// ```
    public struct Text: Sendable {
        /// The text in UTF-8.
        public var bytes: [UInt8]
        /// Where each word ends, ascending.
        public var wordEnds: [Int32]

        /// The words one after the other are the text.
        public init(words: [String]) {
            bytes = []
            wordEnds = []
            for word in words {
                bytes.append(contentsOf: word.utf8)
                wordEnds.append(Int32(clamping: bytes.count))
            }
        }
    }

    /// What was searched for.
    public var query: Text
    /// The document's id, in UTF-8.
    public var document: [UInt8]
    /// Its position in the list of results, from 0.
    public var position: Int64
    /// The search engine's score of it.
    public var score: Double
    /// The document's summary.
    public var summary: Text

    /// An impression of that document.
    public init(query: Text, documentID: String, position: Int64, score: Double, summary: Text) {
        self.query = query
        document = Array(documentID.utf8)
        self.position = position
        self.score = score
        self.summary = summary
    }

    /// Lends it for a call.
    package func withBorrowed<R>(_ body: (BorrowedImpression) -> R) -> R {
        query.bytes.withUnsafeBytes { query in
            self.query.wordEnds.withUnsafeBufferPointer { queryWordEnds in
                document.withUnsafeBytes { document in
                    summary.bytes.withUnsafeBytes { summary in
                        self.summary.wordEnds.withUnsafeBufferPointer { summaryWordEnds in
                            body(
                                BorrowedImpression(
                                    query: query, queryWordEnds: queryWordEnds, document: document, position: position,
                                    score: score, summary: summary, summaryWordEnds: summaryWordEnds))
                        }
                    }
                }
            }
        }
    }
}

/// The same in memory that someone lends. Words end at ascending byte offsets.
package struct BorrowedImpression {
    var query: UnsafeRawBufferPointer
    var queryWordEnds: UnsafeBufferPointer<Int32>
    var document: UnsafeRawBufferPointer
    package var position: Int64
    package var score: Double
    var summary: UnsafeRawBufferPointer
    var summaryWordEnds: UnsafeBufferPointer<Int32>

    package var wordCount: Int { queryWordEnds.count + summaryWordEnds.count }

    package init(
        query: UnsafeRawBufferPointer, queryWordEnds: UnsafeBufferPointer<Int32>, document: UnsafeRawBufferPointer,
        position: Int64, score: Double, summary: UnsafeRawBufferPointer, summaryWordEnds: UnsafeBufferPointer<Int32>
    ) {
        self.query = query
        self.queryWordEnds = queryWordEnds
        self.document = document
        self.position = position
        self.score = score
        self.summary = summary
        self.summaryWordEnds = summaryWordEnds
    }
}
