import CTRFeatures
import CTRKernels

/// Takes a model's parts out of a file's tensors and checks that each has the size the others ask for.
struct TensorReader {
    let tensors: [String: Tensor]

    private func tensor(_ name: String) throws(CTRError) -> Tensor {
        guard let tensor = tensors[name] else { throw .badModelFile("the model file has no tensor '\(name)'") }
        return tensor
    }

    /// A block of parameters; an embedding's width is the file's own.
    func parameters(_ name: String, rows: Int, width: Int) throws(CTRError) -> Parameters {
        let weights = try tensor(name)
        let isEmbedding = name.hasSuffix(".embedding")
        let stored = isEmbedding && weights.shape.count == 2 ? weights.shape[1] : width
        guard stored > 0, stored <= 1 << 20, weights.count == rows * stored else {
            throw .badModelFile(
                "tensor '\(name)' has shape \(weights.shape), the model needs \(rows) rows of \(stored)")
        }
        let states = [try tensor("optimizer.\(name).1"), try tensor("optimizer.\(name).2")]
        for state in states where state.count != weights.count {
            throw .badModelFile("the optimiser's state of '\(name)' has another size than its weights")
        }
        let values = try weights.floats()
        guard values.allSatisfy(\.isFinite) else {
            throw .badModelFile("tensor '\(name)' holds a weight that is no finite number")
        }
        return Parameters(
            rows: rows, width: stored, weights: FloatBuffer(values),
            state1: FloatBuffer(try states[0].floats()), state2: FloatBuffer(try states[1].floats()))
    }

    func bins(_ name: String) throws(CTRError) -> NumericBins {
        let edges = try tensor("bins.\(name).edges").doubles()
        let modes = try tensor("bins.\(name).modes").doubles()
        for values in [edges, modes] {
            guard values.allSatisfy(\.isFinite), zip(values, values.dropFirst()).allSatisfy({ $0 < $1 }),
                values.count <= 1 << 16
            else { throw .badModelFile("the bins of '\(name)' do not ascend") }
        }
        return NumericBins(edges: edges, modes: modes)
    }

    func vocabulary(_ name: String, _ stored: JSON) throws(CTRError) -> Vocabulary {
        guard let buckets = stored["buckets"]?.intValue, (0...Vocabulary.maximumSize).contains(buckets),
            let minimum = stored["min_count"]?.intValue
        else { throw .badModelFile("the vocabulary of '\(name)' has no valid buckets and min_count") }
        let (values, counts) = try table("vocabulary.\(name)")
        let (pending, pendingCounts) = try table("pending.\(name)")
        return Vocabulary(
            values: values, counts: counts, pending: pending, pendingCounts: pendingCounts, buckets: buckets,
            minimumCount: minimum)
    }

    func cross(_ name: String, arity: Int, minimum: Int) throws(CTRError) -> CrossVocabulary {
        let members = try tensor("cross.\(name).members").int32s()
        let keys = try tensor("cross.\(name).pending.keys").int64s()
        let counts = try tensor("cross.\(name).pending.counts").ints()
        let pending = Dictionary(
            zip(keys.map { UInt64(bitPattern: $0) }, counts), uniquingKeysWith: { first, _ in first })
        guard arity >= 2, keys.count == counts.count, counts.allSatisfy({ (0..<(1 << 53)).contains($0) }),
            let vocabulary = CrossVocabulary(arity: arity, minimumCount: minimum, members: members, pending: pending)
        else { throw .badModelFile("the cross '\(name)' does not hold together") }
        return vocabulary
    }

    func history(_ name: String) throws(CTRError) -> ClickHistory {
        let clicks = try tensor("\(name).clicks").ints()
        let impressions = try tensor("\(name).impressions").ints()
        guard let names = StringTable(bytes: try tensor("\(name).bytes").uint8s(), offsets: try offsets(name)),
            names.count == clicks.count, clicks.count == impressions.count,
            zip(clicks, impressions).allSatisfy({ $0 >= 0 && $0 <= $1 && $1 < 1 << 53 }),
            let history = ClickHistory(
                names: names,
                counts: zip(clicks, impressions).map { ClickHistory.Counts(clicks: $0, impressions: $1) })
        else { throw .badModelFile("'\(name)' does not hold together") }
        return history
    }

    private func table(_ name: String) throws(CTRError) -> (StringTable, [Int]) {
        let counts = try tensor("\(name).counts").ints()
        guard let table = StringTable(bytes: try tensor("\(name).bytes").uint8s(), offsets: try offsets(name)),
            table.count == counts.count, counts.allSatisfy({ (0..<(1 << 53)).contains($0) })
        else { throw .badModelFile("'\(name)' does not hold together") }
        return (table, counts)
    }

    private func offsets(_ name: String) throws(CTRError) -> [Int] { try tensor("\(name).offsets").ints() }
}
