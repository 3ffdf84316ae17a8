/// What a feature is and which part of the model reads it: the schema, one entry a feature.
public struct FeatureSpec: Sendable, Equatable {
    public enum Kind: String, Sendable, CaseIterable {
        /// A number: quantile bins for the wide part, piecewise-linear encoding for the deep part.
        case numeric
        /// One of a set of values: a weight and an embedding each.
        case categorical
        /// Any number of values a row; their weights and embeddings are averaged.
        case multi
    }

    public enum Part: String, Sendable, CaseIterable {
        case wide
        case deep
        case both
        /// Both, but for what the deep part learns better alone (`FeatureSpec.settled`).
        case auto
    }

    public var name: String
    public var kind: Kind
    public var part: Part
    /// The table's columns it reads: its own name, or for `multi` any number of scalar columns.
    public var columns: [String]

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
