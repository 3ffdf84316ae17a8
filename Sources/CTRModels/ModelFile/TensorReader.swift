import CTRFeatures
import CTRKernels
import CTRNetwork

/// Takes a model's parts out of a file's tensors, each once, and checks that each has the size the others ask for.
final class TensorReader {
    private var tensors: [ExactText: Tensor] = [:]

    init(_ file: TensorFile) {
        tensors.reserveCapacity(file.tensors.count)
        for entry in file.tensors { tensors[ExactText(entry.name)] = entry.tensor }
    }

    /// Of a tensor's dimension: that of the file.
    static let any = -1

    /// The tensor of that name, which must be of this type and shape.
    private func take(_ name: String, _ dtype: Tensor.DType, _ shape: [Int]) throws(CTRError) -> Tensor {
        let fits = { (found: Int, wanted: Int) in found == wanted || wanted == Self.any }
        guard let tensor = tensors.removeValue(forKey: ExactText(name)) else {
            throw .badModelFile("the model file has no tensor '\(name)'")
        }
        guard tensor.dtype == dtype, tensor.shape.count == shape.count, zip(tensor.shape, shape).allSatisfy(fits)
        else {
            let wanted = shape.map { $0 == Self.any ? "any" : String($0) }.joined(separator: ", ")
            throw .badModelFile(
                "tensor '\(name)' is \(tensor.dtype.rawValue) of shape \(tensor.shape); the rest of the model file asks "
                    + "for \(dtype.rawValue) of shape [\(wanted)]")
        }
        return tensor
    }

    /// Once all of a model has been read.
    func checkAllTaken() throws(CTRError) {
        guard let left = tensors.keys.min(by: { $0.text < $1.text }) else { return }
        throw .badModelFile(
            "tensor '\(left.text)' belongs to no part of the model that the file describes (its options, features and "
                + "crosses)")
    }

    /// Of all tensors that are not yet taken.
    var shapes: [ExactText: [Int]] { tensors.mapValues(\.shape) }

    /// A block of parameters, as `ModelFile.encode` shapes it, with the state that an optimiser left.
    func parameters(
        _ name: String, rows: Int, width: Int, optimizer: ModelOptions.OptimizerName
    ) throws(CTRError) -> Parameter {
        let shape = width == 1 || rows == 1 ? [rows * width] : [rows, width]
        func read(_ name: String, _ meaning: String, isSquare: Bool) throws(CTRError) -> FloatBuffer {
            let buffer = try take(name, .f32, shape).buffer()
            let values = UnsafeBufferPointer(start: buffer.base, count: buffer.count)
            if let wrong = values.first(where: { !($0.isFinite && (!isSquare || $0 >= 0)) }) {
                throw .badModelFile(
                    "tensor '\(name)' holds \(wrong), \(meaning) is a finite number\(isSquare ? ", 0 or more" : "")")
            }
            return buffer
        }
        let second = "optimizer.\(name).2"
        var state2 = FloatBuffer(count: 0)
        // Format 1 has zeros for an optimiser that keeps one state.
        if optimizer.states > 1 || tensors[ExactText(second)] != nil {
            state2 = try read(second, "its optimiser's state", isSquare: true)
        }
        return Parameter(
            rows: rows, width: width, weights: try read(name, "a weight", isSquare: false),
            state1: try read("optimizer.\(name).1", "its optimiser's state", isSquare: optimizer == .adagrad),
            state2: optimizer.states > 1 ? state2 : FloatBuffer(count: 0))
    }

    /// At most so many bins between edges.
    func bins(_ name: String, most: Int) throws(CTRError) -> NumericBins {
        func read(_ part: String, most: Int, _ reason: String) throws(CTRError) -> [Double] {
            let name = "bins.\(name).\(part)"
            let values = try take(name, .f64, [Self.any]).doubles()
            guard values.count <= most else {
                throw .badModelFile("tensor '\(name)' has \(values.count) values; \(reason) allows \(most)")
            }
            guard values.allSatisfy(\.isFinite), zip(values, values.dropFirst()).allSatisfy({ $0 < $1 }) else {
                throw .badModelFile("the values of tensor '\(name)' are not finite and ascending, each above the last")
            }
            return values
        }
        return NumericBins(
            edges: try read("edges", most: max(most, NumericBins.fewestBins) + 1, "numeric_bins = \(most)"),
            modes: try read("modes", most: NumericBins.mostModes, "a mode's share of its column"))
    }

    func vocabulary(_ name: String, _ stored: JSON) throws(CTRError) -> Vocabulary {
        let buckets = try stored.whole("buckets", in: 0...Vocabulary.maximumSize, of: "feature '\(name)'")
        let minimum = try stored.whole("min_count", in: ModelOptions.minimumCounts, of: "feature '\(name)'")
        let (values, counts) = try table("vocabulary.\(name)")
        let (pending, pendingCounts) = try table("pending.\(name)")
        guard buckets == 0 || values.isEmpty && pending.isEmpty else {
            throw .badModelFile(
                "feature '\(name)' has \(buckets) buckets to hash into and lists \(values.count + pending.count) values; "
                    + "it has one or the other")
        }
        return Vocabulary(
            values: values, counts: counts, pending: pending, pendingCounts: pendingCounts, buckets: buckets,
            minimumCount: minimum)
    }

    /// `ids`: of each member, those that a combination may have.
    func cross(_ name: String, ids: [Range<Int>], minimum: Int) throws(CTRError) -> CrossVocabulary {
        let members = try take("cross.\(name).members", .i32, [Self.any, ids.count]).int32s()
        for (index, id) in members.enumerated() where !ids[index % ids.count].contains(Int(id)) {
            throw .badModelFile(
                "tensor 'cross.\(name).members' holds the id \(id) in column \(index % ids.count), whose feature has the "
                    + "ids \(ids[index % ids.count])")
        }
        let keys = try take("cross.\(name).pending.keys", .i64, [Self.any]).int64s()
        let counts = try self.counts("cross.\(name).pending.counts", entries: keys.count)
        let pending = Dictionary(
            zip(keys.map { UInt64(bitPattern: $0) }, counts), uniquingKeysWith: { first, _ in first })
        guard pending.count == keys.count,
            let vocabulary = CrossVocabulary(
                arity: ids.count, minimumCount: minimum, members: members, pending: pending)
        else { throw .badModelFile("the cross '\(name)' has a combination twice") }
        return vocabulary
    }

    func history(_ name: String) throws(CTRError) -> ClickHistory {
        let names = try strings(name)
        let clicks = try counts("\(name).clicks", entries: names.count)
        let impressions = try counts("\(name).impressions", entries: names.count)
        for (entry, pair) in zip(clicks, impressions).enumerated() where pair.0 > pair.1 {
            throw .badModelFile(
                "tensor '\(name).clicks' has \(pair.0) in entry \(entry) (from 0), of \(pair.1) in '\(name).impressions'; "
                    + "there are never more clicks")
        }
        let counts = zip(clicks, impressions).map { ClickHistory.Counts(clicks: $0, impressions: $1) }
        guard let history = ClickHistory(names: names, counts: counts) else {
            throw .badModelFile("'\(name)' has \(names.count) names and \(counts.count) counts")
        }
        return history
    }

    // MARK: Pieces

    private func table(_ name: String) throws(CTRError) -> (StringTable, [Int]) {
        let strings = try strings(name)
        return (strings, try counts("\(name).counts", entries: strings.count))
    }

    private func strings(_ name: String) throws(CTRError) -> StringTable {
        let offsets = try take("\(name).offsets", .i64, [Self.any]).ints()
        guard let end = offsets.last, offsets.first == 0, end >= 0 else {
            throw .badModelFile("tensor '\(name).offsets' does not begin with 0 and ascend")
        }
        let bytes = try take("\(name).bytes", .u8, [end]).uint8s()
        guard let table = StringTable(bytes: bytes, offsets: offsets) else {
            throw .badModelFile(
                "tensor '\(name).offsets' does not ascend from 0, or cuts two equal texts out of '\(name).bytes'")
        }
        return table
    }

    private func counts(_ name: String, entries: Int) throws(CTRError) -> [Int] {
        let counts = try take(name, .i64, [entries]).ints()
        if let wrong = counts.first(where: { !(0...Tally.most).contains($0) }) {
            throw .badModelFile("tensor '\(name)' holds \(wrong); a count is from 0 to \(Tally.most)")
        }
        return counts
    }
}
