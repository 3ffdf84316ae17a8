import CTRFeatures
import CTRKernels

/// A fitted model as a safetensors file: tensors by readable names, and one metadata entry, `ctr_models`, a JSON object
/// with the format's version, the options, the schema and the training's history.
package enum ModelFile {
    /// Of the file format. A newer file is refused; every older one is still read.
    package static let format = 2
    static let key = "ctr_models"

    /// The file's bytes, most of them where the model has them.
    package static func encode(_ model: FittedModel) throws(CTRError) -> FileBytes {
        try Memory.require(memory(describing: model), for: "the description of the model")
        var file = TensorFile()
        file.metadata = [(key, description(of: model).text)]
        for (name, block) in model.ensemble.parameters {
            let shape = block.width == 1 || block.rows == 1 ? [block.weights.count] : [block.rows, block.width]
            file.tensors.append((name, Tensor(block.weights, shape: shape)))
            file.tensors.append(("optimizer.\(name).1", Tensor(block.state1, shape: shape)))
            if block.state2.count > 0 {
                file.tensors.append(("optimizer.\(name).2", Tensor(block.state2, shape: shape)))
            }
        }
        for feature in model.encoder.features {
            let name = feature.spec.name
            switch feature.state {
            case .numeric(let bins):
                file.tensors.append(("bins.\(name).edges", Tensor(bins.edges)))
                file.tensors.append(("bins.\(name).modes", Tensor(bins.modes)))
            case .categorical(let vocabulary), .multi(let vocabulary):
                append(vocabulary.values, vocabulary.counts, "vocabulary.\(name)", to: &file)
                append(vocabulary.pending, vocabulary.pendingCounts, "pending.\(name)", to: &file)
            }
        }
        for cross in model.encoder.crosses {
            let vocabulary = cross.vocabulary
            file.tensors.append(
                (
                    "cross.\(cross.name).members",
                    Tensor(vocabulary.members, shape: [vocabulary.count, vocabulary.arity])
                ))
            let pending = vocabulary.pending.sorted { $0.key < $1.key }
            file.tensors.append(
                ("cross.\(cross.name).pending.keys", Tensor(pending.map { Int64(bitPattern: $0.key) })))
            file.tensors.append(("cross.\(cross.name).pending.counts", Tensor(pending.map(\.value))))
        }
        if let impressions = model.impressions {
            append(impressions.queries, "history.queries", to: &file)
            append(impressions.documents, "history.documents", to: &file)
        }
        return FileBytes(try file.pieces())
    }

    /// About the most bytes that it takes to describe the model in a file or in `info`, the counts that a file has in
    /// another form included.
    static func memory(describing model: FittedModel) -> Int {
        let entries =
            model.summary.history.count + model.summary.importances.count + model.summary.crosses.count
            + model.encoder.features.count + model.encoder.crosses.count
        let counts =
            (model.impressions.map { $0.queries.counts.count + $0.documents.counts.count } ?? 0)
            + model.encoder.crosses.reduce(0) { $0 + $1.vocabulary.pending.count }
        // Texts are escaped, twice in a file, and twice as large for a moment when they grow.
        return 16 * model.metadata.utf8.count + 4096 * entries + 64 * counts
    }

    private static func append(_ table: StringTable, _ counts: [Int], _ name: String, to file: inout TensorFile) {
        append(table, name, to: &file)
        file.tensors.append(("\(name).counts", Tensor(counts)))
    }

    private static func append(_ table: StringTable, _ name: String, to file: inout TensorFile) {
        let (bytes, byteCount, offsets) = table.kept
        let text = ByteRange(whole: bytes, range: 0..<byteCount)
        let ends = ByteRange(whole: offsets, range: 0..<(table.count + 1) * MemoryLayout<Int>.stride)
        file.tensors.append(("\(name).bytes", Tensor(dtype: .u8, shape: [byteCount], storage: text)))
        file.tensors.append(("\(name).offsets", Tensor(dtype: .i64, shape: [table.count + 1], storage: ends)))
    }

    private static func append(_ history: ClickHistory, _ name: String, to file: inout TensorFile) {
        append(history.names, name, to: &file)
        file.tensors.append(("\(name).clicks", Tensor(history.counts.map(\.clicks))))
        file.tensors.append(("\(name).impressions", Tensor(history.counts.map(\.impressions))))
    }

    private static func description(of model: FittedModel) -> JSON {
        let features = model.encoder.features.map { feature -> JSON in
            switch feature.state {
            case .numeric: return feature.spec.json
            case .categorical(let vocabulary), .multi(let vocabulary):
                var members = feature.spec.json.objectValue ?? []
                members.append(("min_count", .number(Double(vocabulary.minimumCount))))
                members.append(("buckets", .number(Double(vocabulary.buckets))))
                return .object(members)
            }
        }
        let crosses = model.encoder.crosses.map { cross -> JSON in
            [
                "name": .string(cross.name), "members": .array(cross.members.map { .number(Double($0)) }),
                "min_count": .number(Double(cross.vocabulary.minimumCount)),
            ]
        }
        return [
            "format": .number(Double(format)),
            "version": .string(CTRModel.version),
            "options": model.options.json,
            "features": .array(features),
            "crosses": .array(crosses),
            "summary": model.summary.json,
            "impressions": model.impressions?.json ?? .null,
            "metadata": .string(model.metadata),
        ]
    }
}

extension ImpressionHistory {
    var json: JSON {
        ["mean": .array(mean.map { .number($0) }), "scale": .array(scale.map { .number($0) })]
    }
}
