/// What a feature is and which part of the model reads it: the schema, one entry a feature.
///
/// Without a schema every column of the table is a feature, of the kind that it looks like. With one, only these are:
///
/// ```swift
/// var options = ModelOptions()
/// options.features = [
///     FeatureSpec("section", .categorical), FeatureSpec("hour", .numeric, part: .deep),
///     FeatureSpec("both", .multi, columns: ["section", "device"]),
/// ]
/// try CTRModel(options).train(log)
/// ```
public struct FeatureSpec: Sendable, Equatable {
    /// What the values of a feature are.
    ///
    /// ```swift
    /// // A number whose size means nothing.
    /// let shop = FeatureSpec("shop", .categorical, columns: ["shop_number"])
    /// print(shop.kind, FeatureSpec.Kind.allCases.count)  // categorical 3
    /// ```
    public enum Kind: String, Sendable, CaseIterable {
        /// A number: quantile bins for the wide part, piecewise-linear encoding for the deep part.
        case numeric
        /// One of a set of values: a weight and an embedding each.
        case categorical
        /// Any number of values a row; their weights and embeddings are averaged.
        case multi
    }

    /// Which part of the model a feature feeds.
    ///
    /// ```swift
    /// let query = FeatureSpec("query", .categorical, part: .wide)
    /// let score = FeatureSpec("score", .numeric, part: .deep)
    /// print(query.part, score.part)  // wide deep
    /// ```
    public enum Part: String, Sendable, CaseIterable {
        /// The linear part: a weight for each id.
        case wide
        /// Embeddings and layers.
        case deep
        /// Both.
        case both
        /// Both, but for what the deep part learns better alone: numbers, and categories of few values.
        case auto
    }

    /// Its name, which crosses and explanations go by.
    public var name: String
    /// What its values are.
    public var kind: Kind
    /// Which part of the model reads it.
    public var part: Part
    /// The table's columns it reads: its own name, or for `multi` any number of scalar columns.
    public var columns: [String]

    /// A feature of the column of its name, or of those given.
    public init(_ name: String, _ kind: Kind, part: Part = .both, columns: [String]? = nil) {
        self.name = name
        self.kind = kind
        self.part = part
        self.columns = columns ?? [name]
    }

    package var isWide: Bool { part != .deep }
    package var isDeep: Bool { part != .wide }

    /// A category of fewer ids than this, with those of missing and unknown ones, is not sparse.
    package static let sparseSize = 100

    /// This feature with `auto` settled, once its number of ids is known. Numbers and categories of few values feed the
    /// deep part alone, as in the paper: in the wide part their weights learn the same thing first, and leave the deep
    /// part less to find interactions from. What the wide part is for is sparse: ids and crosses. A model of one part
    /// has every feature there.
    package func settled(ids: Int, isWideAlone: Bool) -> FeatureSpec {
        guard part == .auto else { return self }
        var settled = self
        settled.part = isWideAlone || kind != .numeric && ids >= Self.sparseSize ? .both : .deep
        return settled
    }

    /// The schema a table suggests: numbers are numeric, text is categorical, lists are multi-valued.
    package static func infer(from table: Table, except reserved: Set<ExactText>) -> [FeatureSpec] {
        table.names.filter { !reserved.contains(ExactText($0)) }.compactMap { name in
            switch table.column(name) {
            // What has no value has no kind either: as a number it says nothing.
            case .numeric, .missing: FeatureSpec(name, .numeric, part: .auto)
            case .categorical: FeatureSpec(name, .categorical, part: .auto)
            case .multi: FeatureSpec(name, .multi, part: .auto)
            case nil: nil
            }
        }
    }
}
