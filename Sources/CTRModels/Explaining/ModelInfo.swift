import CTRFeatures
import CTRKernels

/// What a model is, and what is known of its training.
///
/// ```swift
/// if let info = model.info {
///     print("\(info.parameterCount) parameters, trained on \(info.rows) rows, of which \(info.clickRate) clicks")
///     print("best epoch: \(info.bestEpoch) of \(info.history.count)")
/// }
/// ```
public struct ModelInfo: Sendable {
    /// A feature as it was learnt.
    ///
    /// ```swift
    /// for feature in model.info?.features ?? [] {
    ///     print(feature.spec.name, feature.spec.kind, feature.vocabulary ?? feature.bins ?? 0)
    /// }
    /// ```
    public struct Feature: Sendable {
        /// Its name, kind, part and columns.
        public let spec: FeatureSpec
        /// A number's bins, those of its modes and of missing values included.
        public let bins: Int?
        /// A category's ids, those of missing and unknown values included.
        public let vocabulary: Int?
        /// Whether its values are hashed into them.
        public let isHashed: Bool?
        /// Width of its embedding, where it has one.
        public let embeddingDimension: Int?
    }

    /// A cross that has weights.
    ///
    /// ```swift
    /// for cross in model.info?.crosses ?? [] { print(cross.features, "\(cross.vocabulary) combinations") }
    /// ```
    public struct Cross: Sendable {
        /// Its name in explanations.
        public let name: String
        /// The names of the features that it combines.
        public let features: [String]
        /// Its ids, those of combinations that are missing or unknown included.
        public let vocabulary: Int
    }

    /// A cross that the model found itself, and by how much it lowers the log loss of rows not seen, in nats a row.
    ///
    /// ```swift
    /// for cross in model.info?.crossesFound ?? [] { print(cross.features, cross.gain) }
    /// ```
    public struct FoundCross: Sendable, Equatable {
        /// The names of the features that it combines.
        public let features: [String]
        /// By how much it lowers the log loss.
        public let gain: Double
    }

    /// How much the log loss grows when a feature's values are shuffled, in nats.
    ///
    /// ```swift
    /// let importances = model.info?.importances ?? []
    /// for importance in importances.sorted(by: { $0.increase > $1.increase }) {
    ///     print(importance.feature, importance.increase)
    /// }
    /// ```
    public struct Importance: Sendable, Equatable {
        /// The feature's name.
        public let feature: String
        /// By how much the log loss grows.
        public let increase: Double
    }

    /// What it was trained with.
    public let options: ModelOptions
    /// The schema, with what was learnt of each feature.
    public let features: [Feature]
    /// The crosses that have weights, given or found.
    public let crosses: [Cross]
    /// Of all models that answer together.
    public let parameterCount: Int
    /// Rows of all trainings.
    public let rows: Int
    /// Share of clicks among them, by their weights.
    public let clickRate: Double
    /// The newest epochs of all trainings.
    public let history: [EpochRecord]
    /// The epoch that validated best; without a validation part the last one.
    public let bestEpoch: Int
    /// The crosses that the model found itself.
    public let crossesFound: [FoundCross]
    /// Of each feature; measured on validation rows, where there are a hundred.
    public let importances: [Importance]
    /// What is to be said of the last training, where it diverged after some good epochs.
    public let divergence: String?
    /// The text of ``CTRModel/setMetadata(_:)``.
    public let metadata: String
}

extension CTRModel {
    /// What the model is; nil while it is untrained.
    public var info: ModelInfo? {
        guard let fitted else { return nil }
        let summary = fitted.summary
        return ModelInfo(
            options: fitted.options, features: fitted.featureInfos, crosses: fitted.crossInfos,
            parameterCount: fitted.ensemble.parameters.reduce(0) { $0 + $1.block.weights.count },
            rows: summary.rows, clickRate: summary.clickRate, history: summary.history, bestEpoch: summary.bestEpoch,
            crossesFound: summary.crosses.map { .init(features: $0.features, gain: $0.gain) },
            importances: summary.importances.map { .init(feature: $0.feature, increase: $0.increase) },
            divergence: summary.divergence, metadata: fitted.metadata)
    }

    /// Throws where there is no memory for `infoText`.
    package func requireRoomForInfo() throws(CTRError) {
        guard let fitted else { return }
        try Memory.require(ModelFile.memory(describing: fitted), for: "the description of the model")
    }

    /// What the model is, as JSON: options, features, vocabulary sizes, training history, importances.
    package var infoText: String {
        guard let fitted, let info else {
            return JSON.object([
                ("trained", .bool(false)), ("version", .string(Self.version)), ("options", options.json),
            ]).text
        }
        var members: [(key: String, value: JSON)] = [
            ("trained", .bool(true)), ("version", .string(Self.version)),
            ("format", .number(Double(ModelFile.format))), ("options", info.options.json),
            ("features", .array(info.features.map(\.json))), ("crosses", .array(info.crosses.map(\.json))),
            ("parameters", .number(Double(info.parameterCount))), ("impressions", fitted.impressions?.json ?? .null),
            ("metadata", .string(info.metadata)),
        ]
        members += fitted.summary.json.objectValue ?? []
        return JSON.object(members).text
    }
}

extension FittedModel {
    fileprivate var featureInfos: [ModelInfo.Feature] {
        let widths = Dictionary(
            (ensemble.members.first?.blueprint.parameters ?? []).filter { $0.role.isEmbedding }
                .map { (ExactText($0.feature), $0.width) },
            uniquingKeysWith: { first, _ in first })
        return encoder.features.map { feature in
            let width = widths[ExactText(feature.spec.name)]
            switch feature.state {
            case .numeric(let bins):
                return .init(
                    spec: feature.spec, bins: bins.idCount, vocabulary: nil, isHashed: nil, embeddingDimension: width)
            case .categorical(let vocabulary), .multi(let vocabulary):
                return .init(
                    spec: feature.spec, bins: nil, vocabulary: vocabulary.rowCount, isHashed: vocabulary.buckets > 0,
                    embeddingDimension: width)
            }
        }
    }

    fileprivate var crossInfos: [ModelInfo.Cross] {
        encoder.crosses.map { cross in
            .init(
                name: cross.name, features: cross.members.map { encoder.features[$0].spec.name },
                vocabulary: cross.vocabulary.rowCount)
        }
    }
}

extension ModelInfo.Feature {
    fileprivate var json: JSON {
        var members: [(key: String, value: JSON)] = spec.json.objectValue ?? []
        if let bins { members.append(("bins", .number(Double(bins)))) }
        if let vocabulary { members.append(("vocabulary", .number(Double(vocabulary)))) }
        if let isHashed { members.append(("hashed", .bool(isHashed))) }
        if let embeddingDimension { members.append(("embedding_dim", .number(Double(embeddingDimension)))) }
        return .object(members)
    }
}

extension ModelInfo.Cross {
    fileprivate var json: JSON {
        [
            "name": .string(name), "features": .array(features.map { .string($0) }),
            "vocabulary": .number(Double(vocabulary)),
        ]
    }
}
