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

    /// The schema a table suggests: numbers are numeric, text is categorical, lists are multi-valued.
    package static func infer(from table: Table, except reserved: Set<String>) -> [FeatureSpec] {
        table.names.filter { !reserved.contains($0) }.compactMap { name in
            switch table.column(name) {
            case .numeric: FeatureSpec(name, .numeric)
            case .categorical: FeatureSpec(name, .categorical)
            case .multi: FeatureSpec(name, .multi)
            case nil: nil
            }
        }
    }
}
