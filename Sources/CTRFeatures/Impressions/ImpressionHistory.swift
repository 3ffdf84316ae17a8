/// What serving remembers of the log a model was trained on: the click history, and how to standardise the features.
package struct ImpressionHistory: Sendable, Equatable {
    package var queries = ClickHistory()
    package var documents = ClickHistory()
    /// Of the first features: (value - mean) / scale.
    package var mean: [Double] = []
    package var scale: [Double] = []

    package init() {}

    package init(queries: ClickHistory, documents: ClickHistory, mean: [Double], scale: [Double]) {
        self.queries = queries
        self.documents = documents
        self.mean = mean
        self.scale = scale
    }

    /// What may standardise the first features: as many scales as means, all finite, no scale 0.
    package static func check(mean: [Double], scale: [Double]) throws(CTRError) {
        guard mean.count == scale.count, mean.count <= ImpressionFeatures.scaled else {
            throw .invalidArgument(
                "mean has \(mean.count) values and scale \(scale.count); give the same number of both, at most "
                    + "\(ImpressionFeatures.scaled)")
        }
        guard mean.allSatisfy(\.isFinite), scale.allSatisfy({ $0.isFinite && $0 != 0 }) else {
            throw .invalidArgument("mean and scale must be finite, and no scale 0")
        }
    }

    /// The standardised features of one impression, as training had them. Words end at ascending byte offsets.
    package func features(
        query: UnsafeRawBufferPointer, queryWordEnds: UnsafeBufferPointer<Int32>, document: UnsafeRawBufferPointer,
        position: Int64,
        score: Double, summary: UnsafeRawBufferPointer, summaryWordEnds: UnsafeBufferPointer<Int32>
    ) -> [Double] {
        let summaryLength = ImpressionText.codePoints(summary)
        let record = ImpressionFeatures.Record(
            position: Double(position), score: score, documentLength: Double(summaryLength),
            queryLength: ImpressionText.codePoints(query), summaryLength: summaryLength,
            query: Self.text(query, queryWordEnds, limit: ImpressionFeatures.queryWords),
            summary: Self.text(summary, summaryWordEnds, limit: ImpressionFeatures.summaryWords),
            queryRate: queries.rate(of: query), documentRate: documents.rate(of: document), timestampChecksum: 0,
            queryID: ImpressionText.id(of: query), documentID: ImpressionText.id(of: document))
        return [Double](unsafeUninitializedCapacity: ImpressionFeatures.count) { buffer, count in
            guard let base = buffer.baseAddress else { return }
            ImpressionFeatures.write(record, to: base)
            for index in 0..<min(mean.count, scale.count, ImpressionFeatures.scaled) {
                base[index] = (base[index] - mean[index]) / scale[index]
            }
            count = ImpressionFeatures.count
        }
    }

    /// Words end at ascending byte offsets; an end outside the text ends the list.
    private static func text(
        _ bytes: UnsafeRawBufferPointer, _ ends: UnsafeBufferPointer<Int32>, limit: Int
    ) -> ImpressionText {
        var text = ImpressionText()
        var start = 0
        for end in ends {
            guard Int(end) >= start, Int(end) <= bytes.count else { break }
            let word = UnsafeRawBufferPointer(rebasing: bytes[start..<Int(end)])
            text.append(hash: XXH64.hash(word), kind: ImpressionText.kind(of: word), limit: limit)
            start = Int(end)
        }
        return text
    }
}

/// One impression as it is served: the arguments of `predict_ctr`.
public struct Impression: Sendable {
    /// A text and where its words end, in bytes.
    public struct Text: Sendable {
        public var bytes: [UInt8]
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

    public var query: Text
    public var document: [UInt8]
    public var position: Int64
    public var score: Double
    public var summary: Text

    public init(query: Text, documentID: String, position: Int64, score: Double, summary: Text) {
        self.query = query
        document = Array(documentID.utf8)
        self.position = position
        self.score = score
        self.summary = summary
    }
}
