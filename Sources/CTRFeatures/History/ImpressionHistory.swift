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
        if let at = mean.firstIndex(where: { !$0.isFinite }) {
            throw .invalidArgument("mean[\(at)] = \(mean[at]); a mean is a finite number")
        }
        if let at = scale.firstIndex(where: { !$0.isFinite || $0 == 0 }) {
            throw .invalidArgument("scale[\(at)] = \(scale[at]); a scale is a finite number, and not 0")
        }
    }

    package static let empty = ImpressionHistory()

    /// The standardised features of one impression, as training had them: `ImpressionFeatures.count` numbers, which last
    /// until the workspace's next use.
    package func features(
        of impression: BorrowedImpression, in workspace: ImpressionWorkspace
    ) -> UnsafePointer<Double> {
        let summaryLength = ImpressionText.codePoints(impression.summary)
        workspace.query.read(
            impression.query, ends: impression.queryWordEnds, limit: ImpressionFeatures.queryWords)
        workspace.summary.read(
            impression.summary, ends: impression.summaryWordEnds, limit: ImpressionFeatures.summaryWords)
        let record = ImpressionFeatures.Record(
            position: Double(impression.position), score: impression.score, documentLength: Double(summaryLength),
            queryLength: ImpressionText.codePoints(impression.query), summaryLength: summaryLength,
            query: workspace.query, summary: workspace.summary, queryRate: queries.rate(of: impression.query),
            documentRate: documents.rate(of: impression.document), timestampChecksum: 0,
            queryID: ImpressionText.id(of: impression.query), documentID: ImpressionText.id(of: impression.document))
        let features = workspace.features.base
        ImpressionFeatures.write(record, to: features)
        for index in 0..<min(mean.count, scale.count, ImpressionFeatures.scaled) {
            features[index] = (features[index] - mean[index]) / scale[index]
        }
        return UnsafePointer(features)
    }
}
