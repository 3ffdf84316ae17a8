import CTRFeatures
import CTRNetwork

/// The options as they cross the C ABI and stand in the model file. Keys are scikit-learn's spelling.
extension ModelOptions {
    /// Options over the defaults, by the names that Python and C have for them. An unknown key, a wrong type or a value
    /// out of range is an error that names it.
    ///
    /// ```swift
    /// let options = try ModelOptions(json: #"{"model": "deepfm", "embedding_dim": 16, "random_state": 7}"#)
    /// print(options.model.rawValue, options.embeddingDimension!, options.seed)  // deepfm 16 7
    /// ```
    public init(json text: String) throws(CTRError) {
        try self.init(json: JSON(parsing: text))
    }

    package init(json: JSON) throws(CTRError) {
        self.init()
        try apply(json)
    }

    /// Those of a model file: what an older one does not name was not there yet.
    package init(stored json: JSON) throws(CTRError) {
        self.init()
        (members, binEmbeddings) = (1, false)
        try setAll(json)
        // Nor was what its model does not read always left out.
        let (traits, usual) = (architecture.traits, ModelOptions())
        for entry in Self.entries where !entry.isRead(traits) {
            try entry.write(&self, OptionReader(key: entry.key, value: entry.read(usual)))
        }
        moveIntoRanges()
        try validate()
        // Its vocabularies leave rare categories out themselves.
        if json["members"] == nil { minimumCount = 1 }
    }

    /// Takes over what a JSON object names and leaves the rest as it is.
    package mutating func apply(_ json: JSON) throws(CTRError) {
        try setAll(json)
        try validate()
    }

    private mutating func setAll(_ json: JSON) throws(CTRError) {
        guard let members = json.objectValue else {
            throw .invalidArgument("the options must be a JSON object, not \(json.kindName)")
        }
        for (key, value) in members { try set(key, value) }
    }

    private mutating func set(_ key: String, _ value: JSON) throws(CTRError) {
        guard let entry = Self.entries.first(where: { $0.key == key }) else {
            let keys = Self.entries.map(\.key).joined(separator: ", ")
            throw .invalidArgument("unknown option '\(key)'; the options are \(keys)")
        }
        try entry.write(&self, OptionReader(key: key, value: value))
    }

    /// Those that its model reads.
    package var json: JSON {
        let traits = architecture.traits
        return .object(Self.entries.filter { $0.isRead(traits) }.map { ($0.key, $0.read(self)) })
    }
}

extension FeatureSpec {
    package var json: JSON {
        [
            "name": .string(name), "kind": .string(kind.rawValue), "part": .string(part.rawValue),
            "columns": .array(columns.map { .string($0) }),
        ]
    }
}
