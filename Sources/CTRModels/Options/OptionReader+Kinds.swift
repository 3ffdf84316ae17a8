import CTRFeatures

/// The options that are more than a number, a text or a choice.
extension OptionReader {
    func model() throws(CTRError) -> ModelName {
        let names = Architectures.all.map { $0.name }
        guard let name = value.stringValue.map({ ModelName(rawValue: $0) }), names.contains(name) else {
            throw error(Self.oneOf(names.map(\.rawValue)))
        }
        return name
    }

    func features() throws(CTRError) -> [FeatureSpec]? {
        if value.isNull { return nil }
        guard let entries = value.arrayValue else { throw error("an array of features, or null") }
        var specs: [FeatureSpec] = []
        for entry in entries {
            guard let members = entry.objectValue else { throw error("an array of objects") }
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
            guard let name, let kind else { throw error("objects with at least name and kind") }
            specs.append(FeatureSpec(name, kind, part: part, columns: columns))
        }
        return specs
    }

    func crosses() throws(CTRError) -> [[String]]? {
        if value.stringValue == "auto" { return nil }
        guard let entries = value.arrayValue else {
            throw error("\"auto\" or an array of arrays of names")
        }
        var crosses: [[String]] = []
        for entry in entries { crosses.append(try OptionReader(key: "crosses", value: entry).strings()) }
        return crosses
    }

    func classWeight() throws(CTRError) -> ModelOptions.ClassWeight? {
        if value.isNull { return nil }
        if value.stringValue == "balanced" { return .balanced }
        guard let numbers = value.arrayValue, numbers.count == 2, let negative = numbers[0].doubleValue,
            let positive = numbers[1].doubleValue
        else { throw error("null, \"balanced\" or two numbers") }
        return .weights(negative, positive)
    }
}
