import CTRFeatures
import CTRKernels
import CTRNetwork

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
        let reader = TensorReader(file)
        let options = try ModelOptions(stored: description["options"] ?? .null)
        let encoder = try self.encoder(description, reader, options)
        try check(options, against: encoder)
        let ensemble = Ensemble(try members(encoder, options, reader))
        let impressions = try self.impressions(description, reader)
        let metadata = description["metadata"] == nil ? "" : try description.string("metadata", of: "description")
        guard metadata.utf8.count <= CTRModel.longestMetadata else {
            throw .badModelFile(
                "metadata of \(metadata.utf8.count) bytes; at most \(CTRModel.longestMetadata) are kept")
        }
        try reader.checkAllTaken()
        let summary = try FittedModel.Summary(
            json: description["summary"] ?? .null, features: encoder.features.map(\.spec.name))
        return FittedModel(
            options: options, encoder: encoder, ensemble: ensemble, summary: summary, impressions: impressions,
            metadata: metadata)
    }

    // MARK: Weights

    /// Models of one shape: that which the options ask for, but for the width of embeddings that have grown since.
    private static func members(
        _ encoder: FeatureEncoder, _ options: ModelOptions, _ reader: TensorReader
    ) throws(CTRError) -> [Network] {
        // Models of one shape: the first one's.
        let shapes = reader.shapes
        let blueprint = Blueprint(ModelInputs(encoder, options)) { asked in
            guard options.embeddingDimension == nil, asked.role == .embedding,
                let found = shapes[ExactText(asked.name)], found.count == 2, found[0] == asked.rows,
                ModelInputs.embeddingDimensions(upTo: asked.width).contains(found[1])
            else { return asked.width }
            return found[1]
        }
        guard blueprint.readsFeatures else {
            throw .badModelFile("options: part = \"\(options.part.rawValue)\", but no feature feeds that part")
        }
        var members: [Network] = []
        for index in 0..<options.members {
            members.append(
                try Network(blueprint) { (shape) throws(CTRError) in
                    try reader.parameters(
                        Ensemble.prefix(index) + shape.name, rows: shape.rows, width: shape.width,
                        optimizer: options.optimizer(of: shape.role))
                })
        }
        return members
    }

    // MARK: Features

    private static func encoder(
        _ description: JSON, _ reader: TensorReader, _ options: ModelOptions
    ) throws(CTRError) -> FeatureEncoder {
        let entries = try description.array("features", of: "description")
        let schema = try ModelOptions(json: .object([("features", schema(entries))]))
        var features: [(FeatureSpec, FeatureEncoder.State)] = []
        for (spec, stored) in zip(schema.features ?? [], entries) {
            switch spec.kind {
            case .numeric:
                features.append((spec, .numeric(try reader.bins(spec.name, most: options.numericBins))))
            case .categorical: features.append((spec, .categorical(try reader.vocabulary(spec.name, stored))))
            case .multi: features.append((spec, .multi(try reader.vocabulary(spec.name, stored))))
            }
        }
        // Without crosses first: these say which ids their members have.
        let plain = try FeatureEncoder(features: features, crosses: [])
        var crosses: [(name: String, members: [Int], CrossVocabulary)] = []
        for stored in try description.array("crosses", of: "description") {
            let name = try stored.string("name", of: "crosses")
            let minimum = try stored.whole("min_count", in: ModelOptions.minimumCounts, of: "cross '\(name)'")
            let members = try self.members(stored, of: "cross '\(name)'", plain)
            let ids = members.map { plain.features[$0].idsInCrosses }
            crosses.append((name, members, try reader.cross(name, ids: ids, minimum: minimum)))
        }
        return try FeatureEncoder(features: features, crosses: crosses)
    }

    /// A cross's: two or more different features of one value a row.
    private static func members(
        _ cross: JSON, of owner: String, _ encoder: FeatureEncoder
    ) throws(CTRError) -> [Int] {
        var members: [Int] = []
        var known = Set<Int>()
        for member in try cross.array("members", of: owner) {
            guard let index = member.intValue, encoder.features.indices.contains(index),
                encoder.features[index].spec.kind != .multi, known.insert(index).inserted
            else { throw cross.wrong("members", "indices of different features that are not multi", of: owner) }
            members.append(index)
        }
        guard members.count >= 2 else { throw cross.wrong("members", "at least two features", of: owner) }
        return members
    }

    /// The features as options write them, without what only the file says of them.
    private static func schema(_ features: [JSON]) -> JSON {
        let kept = Set(["name", "kind", "part", "columns"])
        return .array(features.map { .object(($0.objectValue ?? []).filter { kept.contains($0.key) }) })
    }

    /// The options say again what features there are, and where they were given, what crosses.
    private static func check(_ options: ModelOptions, against encoder: FeatureEncoder) throws(CTRError) {
        let features = encoder.features.map(\.spec)
        if let named = options.features, JSON.array(named.map(\.json)) != .array(features.map(\.json)) {
            throw .badModelFile(
                "options: features = \(named.map(\.name)) are others, or of other kinds, than the file's, "
                    + "\(features.map(\.name))")
        }
        let crosses = encoder.crosses.map { cross in cross.members.map { ExactText(features[$0].name) } }
        if let named = options.crosses, named.map({ $0.map { ExactText($0) } }) != crosses {
            throw .badModelFile(
                "options: crosses = \(named) are others than the file's, \(crosses.map { $0.map(\.text) })")
        }
    }

    private static func impressions(
        _ description: JSON, _ reader: TensorReader
    ) throws(CTRError) -> ImpressionHistory? {
        guard let stored = description["impressions"], !stored.isNull else { return nil }
        guard stored["mean"] != nil, stored["scale"] != nil else {
            throw description.wrong("impressions", "null, or an object with mean and scale", of: "description")
        }
        let mean = try stored.numbers("mean", of: "impressions")
        let scale = try stored.numbers("scale", of: "impressions")
        do throws(CTRError) { try ImpressionHistory.check(mean: mean, scale: scale) } catch {
            throw .badModelFile("impressions: mean and scale: \(error.message)")
        }
        return ImpressionHistory(
            queries: try reader.history("history.queries"), documents: try reader.history("history.documents"),
            mean: mean, scale: scale)
    }
}
