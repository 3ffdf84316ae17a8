import CTRFeatures
import CTRKernels

extension ModelFile {
    /// Reads a model. Whatever the bytes hold, this returns a model whose parts fit together or throws.
    package static func decode(_ source: some ByteSource) throws(CTRError) -> FittedModel {
        let file = try TensorFile(decoding: source)
        guard let text = file.metadata(key) else {
            throw .badModelFile("a safetensors file, but not one of a CTR model: it has no '\(key)' metadata")
        }
        do throws(CTRError) {
            return try model(from: file, JSON(parsing: text))
        } catch {
            // Options out of range and the like: in a file that is the file's fault.
            throw error.code == .badModelFile ? error : .badModelFile("the model file is damaged: \(error.message)")
        }
    }

    private static func model(from file: TensorFile, _ description: JSON) throws(CTRError) -> FittedModel {
        guard let version = description["format"]?.intValue else { throw .badModelFile("the file names no format") }
        guard version >= 1 else { throw .badModelFile("the file is of format \(version); formats count from 1") }
        guard version <= format else {
            throw .badModelFile(
                "the file is of format \(version), this library reads up to \(format); install a newer ctr-models")
        }
        let tensors = Dictionary(file.tensors.map { ($0.name, $0.tensor) }, uniquingKeysWith: { first, _ in first })
        let reader = TensorReader(tensors: tensors)
        let options = try ModelOptions(stored: description["options"] ?? .null)
        let encoder = try self.encoder(description, reader)
        var members: [WideDeep] = []
        for member in 0..<options.members {
            members.append(
                try WideDeep(encoder: encoder, options: options) { name, rows, width throws(CTRError) in
                    try reader.parameters(Ensemble.prefix(member) + name, rows: rows, width: width)
                })
        }
        var impressions: ImpressionHistory?
        if let stored = description["impressions"], !stored.isNull {
            let (mean, scale) = (try numbers(stored["mean"]), try numbers(stored["scale"]))
            try ImpressionHistory.check(mean: mean, scale: scale)
            impressions = ImpressionHistory(
                queries: try reader.history("history.queries"), documents: try reader.history("history.documents"),
                mean: mean, scale: scale)
        }
        return FittedModel(
            options: options, encoder: encoder, ensemble: Ensemble(members),
            summary: FittedModel.Summary(json: description["summary"] ?? .null), impressions: impressions,
            metadata: description["metadata"]?.stringValue ?? "")
    }

    private static func encoder(_ description: JSON, _ reader: TensorReader) throws(CTRError) -> FeatureEncoder {
        let options = try ModelOptions(json: .object([("features", try schema(description["features"]))]))
        var features: [(FeatureSpec, FeatureEncoder.State)] = []
        for (spec, stored) in zip(options.features ?? [], description["features"]?.arrayValue ?? []) {
            switch spec.kind {
            case .numeric: features.append((spec, .numeric(try reader.bins(spec.name))))
            case .categorical: features.append((spec, .categorical(try reader.vocabulary(spec.name, stored))))
            case .multi: features.append((spec, .multi(try reader.vocabulary(spec.name, stored))))
            }
        }
        var crosses: [(name: String, members: [Int], CrossVocabulary)] = []
        for stored in description["crosses"]?.arrayValue ?? [] {
            guard let name = stored["name"]?.stringValue, let minimum = stored["min_count"]?.intValue else {
                throw .badModelFile("a cross without name or min_count")
            }
            let members = try (stored["members"]?.arrayValue ?? []).map { member throws(CTRError) in
                guard let index = member.intValue, features.indices.contains(index), features[index].0.kind != .multi
                else { throw .badModelFile("cross '\(name)' has a member that is no scalar feature") }
                return index
            }
            crosses.append((name, members, try reader.cross(name, arity: members.count, minimum: minimum)))
        }
        return try FeatureEncoder(features: features, crosses: crosses)
    }

    /// The features as options write them, without what only the file says of them.
    private static func schema(_ features: JSON?) throws(CTRError) -> JSON {
        let kept = Set(["name", "kind", "part", "columns"])
        return .array(
            (features?.arrayValue ?? []).map { .object(($0.objectValue ?? []).filter { kept.contains($0.key) }) })
    }

    private static func numbers(_ json: JSON?) throws(CTRError) -> [Double] {
        var numbers: [Double] = []
        for value in json?.arrayValue ?? [] {
            guard let number = value.doubleValue else { throw .badModelFile("a number is missing") }
            numbers.append(number)
        }
        return numbers
    }
}
