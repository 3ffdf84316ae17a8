import CTRFeatures
import CTRKernels
import CTRNetwork

/// A trained model, whole and unchanging: training makes a new one beside it. Any number of threads may read it.
package final class FittedModel: Sendable {
    package let options: ModelOptions
    package let encoder: FeatureEncoder
    package let ensemble: Ensemble
    package let summary: Summary
    package let impressions: ImpressionHistory?
    /// Text that the model's owner keeps with it; it says nothing to the model.
    package let metadata: String
    /// For each feature, where an impression's feature row holds its columns; nil where the model has other columns.
    private let impressionColumns: [[Int]]?
    private let rowEncoder: RowEncoder
    private let workspaces = WorkspacePool()

    /// What is known of the training.
    package struct Summary: Sendable {
        package var rows = 0
        /// Of all trainings' rows, by their row weights.
        package var clickRate = 0.0
        package var steps = 0
        package var bestEpoch = 0
        package var history: [EpochRecord] = []
        /// How much the log loss grows when a feature's values are shuffled, in nats.
        package var importances: [(feature: String, increase: Double)] = []
        /// The crosses that the model found itself.
        package var crosses: [CrossSearch.Found] = []

        /// What is to be said of the last training, where it diverged after some good epochs.
        package var divergence: String?
    }

    package convenience init(
        options: ModelOptions, encoder: FeatureEncoder, ensemble: Ensemble, summary: Summary,
        impressions: ImpressionHistory?, metadata: String = ""
    ) {
        self.init(
            options: options, rowEncoder: RowEncoder(encoder), ensemble: ensemble, summary: summary,
            impressions: impressions, metadata: metadata)
    }

    private init(
        options: ModelOptions, rowEncoder: RowEncoder, ensemble: Ensemble, summary: Summary,
        impressions: ImpressionHistory?, metadata: String
    ) {
        self.options = options
        encoder = rowEncoder.encoder
        self.rowEncoder = rowEncoder
        self.ensemble = ensemble
        self.summary = summary
        self.impressions = impressions
        self.metadata = metadata
        var columnOfName: [String: Int] = [:]
        for index in 0..<ImpressionFeatures.count { columnOfName["x\(index)"] = index }
        let columns = encoder.features.map { $0.spec.columns.compactMap { columnOfName[$0] } }
        let isWhole = zip(encoder.features, columns).allSatisfy { $0.spec.columns.count == $1.count }
        impressionColumns = isWhole ? columns : nil
    }

    package func with(
        options: ModelOptions? = nil, impressions: ImpressionHistory? = nil, metadata: String? = nil
    ) -> FittedModel {
        FittedModel(
            options: options ?? self.options, rowEncoder: rowEncoder, ensemble: ensemble, summary: summary,
            impressions: impressions ?? self.impressions, metadata: metadata ?? self.metadata)
    }

    /// With options set since; what is the shape of the trained model stays, and the optimisers too: the state that they
    /// left with the weights is read by no other.
    package func keeping(_ set: ModelOptions) -> FittedModel {
        var kept = set.shaped(as: options)
        (kept.wideOptimizer, kept.deepOptimizer) = (options.wideOptimizer, options.deepOptimizer)
        return with(options: kept)
    }

    package func probabilities(_ table: Table, threads: Int) throws(CTRError) -> [Double] {
        let rows = TrainingRows(try encoder.encode(table, threads: threads))
        return try ensemble.probabilities(rows, threads: threads, areServed: true)
    }

    /// One click probability a row of a borrowed table of `count` rows; the same as those of `probabilities` to the bit.
    /// Nothing is written where it throws.
    package func predict(
        _ table: ArrowTable, into output: UnsafeMutablePointer<Double>, count: Int, threads: Int,
        interruption: Interruption? = nil
    ) throws(CTRError) {
        let frame = try ArrowFrame(table)
        try frame.expect(answers: count)
        try workspaces.with { workspace throws(CTRError) in
            try workspace.probabilities(frame, rowEncoder, ensemble, threads: threads, interruption, into: output)
        }
    }

    /// The click probability of one impression.
    package func probability(_ impression: BorrowedImpression) throws(CTRError) -> Double {
        guard let impressionColumns else {
            throw .invalidArgument(
                "this model was not trained on impression features (columns x0 to x\(ImpressionFeatures.count - 1) "
                    + "of ctr_model_extract_features), so it cannot predict an impression")
        }
        return try workspaces.with { workspace throws(CTRError) in
            let features = (impressions ?? .empty).features(of: impression, in: workspace.impression)
            _ = try rowEncoder.encode(features, columns: impressionColumns, in: workspace.encoding)
            return try workspace.probability(ensemble)
        }
    }
}
