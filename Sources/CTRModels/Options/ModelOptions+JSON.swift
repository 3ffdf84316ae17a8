import CTRFeatures
import CTRNetwork

/// The options as they cross the C ABI and stand in the model file. Keys are scikit-learn's spelling.
extension ModelOptions {
    /// Options over the defaults. An unknown key, a wrong type or a value out of range is an error that names it.
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
        let reader = OptionReader(key: key, value: value)
        switch key {
        case "model": model = try Self.model(reader)
        case "part": part = try reader.choice(Part.self)
        case "features": features = value.isNull ? nil : try Self.features(reader)
        case "crosses": crosses = try Self.crosses(reader)
        case "label": label = try reader.string()
        case "weight": weight = value.isNull ? nil : try reader.string()
        case "time": time = value.isNull ? nil : try reader.string()
        case "replay": replay = value.isNull ? nil : try reader.string()
        case "embedding_dim": embeddingDimension = value.isNull ? nil : try reader.int()
        case "hidden_units": hiddenUnits = try reader.ints()
        case "numeric_bins": numericBins = try reader.int()
        case "bin_embeddings": binEmbeddings = try reader.bool()
        case "dropout": dropout = try reader.double()
        case "wide_optimizer": wideOptimizer = try reader.choice(OptimizerName.self)
        case "deep_optimizer": deepOptimizer = try reader.choice(OptimizerName.self)
        case "wide_learning_rate": wideLearningRate = try reader.double()
        case "deep_learning_rate": deepLearningRate = try reader.double()
        case "l1": l1 = try reader.double()
        case "l2": l2 = try reader.double()
        case "batch_size": batchSize = try reader.int()
        case "epochs": epochs = try reader.int()
        case "early_stopping": earlyStopping = try reader.bool()
        case "patience": patience = try reader.int()
        case "refit": refit = try reader.bool()
        case "validation_fraction": validationFraction = try reader.double()
        case "members": members = try reader.int()
        case "min_count": minimumCount = try reader.int()
        case "class_weight": classWeight = try Self.classWeight(reader)
        case "n_jobs": threads = try reader.int()
        case "random_state":
            let number = try reader.int()
            guard number >= 0 else { throw reader.error("0 or more") }
            seed = UInt64(number)
        default:
            throw .invalidArgument("unknown option '\(key)'; the options are \(Self.keys.joined(separator: ", "))")
        }
    }

    private static var keys: [String] { (ModelOptions().json.objectValue ?? []).map(\.key) }

    private static func model(_ reader: OptionReader) throws(CTRError) -> ModelName {
        let names = Architectures.all.map { $0.name }
        guard let name = reader.value.stringValue.map({ ModelName(rawValue: $0) }), names.contains(name) else {
            throw reader.error("one of " + names.map { "\"\($0.rawValue)\"" }.joined(separator: ", "))
        }
        return name
    }

    private static func features(_ reader: OptionReader) throws(CTRError) -> [FeatureSpec] {
        guard let entries = reader.value.arrayValue else { throw reader.error("an array of features, or null") }
        var specs: [FeatureSpec] = []
        for entry in entries {
            guard let members = entry.objectValue else { throw reader.error("an array of objects") }
            var name: String?
            var kind: FeatureSpec.Kind?
            var part = FeatureSpec.Part.both
            var columns: [String]?
            for (key, value) in members {
                let member = OptionReader(key: "features.\(key)", value: value)
                switch key {
                case "name": name = try member.string()
                case "kind": kind = try member.choice(FeatureSpec.Kind.self)
                case "part": part = try member.choice(FeatureSpec.Part.self)
                case "columns": columns = try member.strings()
                default:
                    throw .invalidArgument("features: unknown key '\(key)'; it has name, kind, part, columns")
                }
            }
            guard let name, let kind else { throw reader.error("objects with at least name and kind") }
            specs.append(FeatureSpec(name, kind, part: part, columns: columns))
        }
        return specs
    }

    private static func crosses(_ reader: OptionReader) throws(CTRError) -> [[String]]? {
        if reader.value.stringValue == "auto" { return nil }
        guard let entries = reader.value.arrayValue else {
            throw reader.error("\"auto\" or an array of arrays of names")
        }
        var crosses: [[String]] = []
        for entry in entries { crosses.append(try OptionReader(key: "crosses", value: entry).strings()) }
        return crosses
    }

    private static func classWeight(_ reader: OptionReader) throws(CTRError) -> ClassWeight? {
        if reader.value.isNull { return nil }
        if reader.value.stringValue == "balanced" { return .balanced }
        guard let numbers = reader.value.arrayValue, numbers.count == 2, let negative = numbers[0].doubleValue,
            let positive = numbers[1].doubleValue
        else { throw reader.error("null, \"balanced\" or two numbers") }
        return .weights(negative, positive)
    }

    package var json: JSON {
        let classWeights: JSON =
            switch classWeight {
            case nil: .null
            case .balanced: "balanced"
            case .weights(let negative, let positive): [.number(negative), .number(positive)]
            }
        return [
            "model": .string(model.rawValue),
            "part": .string(part.rawValue),
            "features": features.map { .array($0.map(\.json)) } ?? .null,
            "crosses": crosses.map { .array($0.map { .array($0.map { .string($0) }) }) } ?? "auto",
            "label": .string(label),
            "weight": weight.map { .string($0) } ?? .null,
            "time": time.map { .string($0) } ?? .null,
            "replay": replay.map { .string($0) } ?? .null,
            "embedding_dim": embeddingDimension.map { .number(Double($0)) } ?? .null,
            "hidden_units": .array(hiddenUnits.map { .number(Double($0)) }),
            "numeric_bins": .number(Double(numericBins)),
            "bin_embeddings": .bool(binEmbeddings),
            "dropout": .number(dropout),
            "wide_optimizer": .string(wideOptimizer.rawValue),
            "deep_optimizer": .string(deepOptimizer.rawValue),
            "wide_learning_rate": .number(wideLearningRate),
            "deep_learning_rate": .number(deepLearningRate),
            "l1": .number(l1),
            "l2": .number(l2),
            "batch_size": .number(Double(batchSize)),
            "epochs": .number(Double(epochs)),
            "early_stopping": .bool(earlyStopping),
            "patience": .number(Double(patience)),
            "refit": .bool(refit),
            "validation_fraction": .number(validationFraction),
            "members": .number(Double(members)),
            "min_count": .number(Double(minimumCount)),
            "class_weight": classWeights,
            "n_jobs": .number(Double(threads)),
            "random_state": .number(Double(seed)),
        ]
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
