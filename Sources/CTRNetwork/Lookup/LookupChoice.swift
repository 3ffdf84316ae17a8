/// What of a dense layer's inputs is multiplied, and what is looked up by its feature's id (`LookupSums`): a rewrite of the
/// plan. What is multiplied is moved together: the layer's input keeps no other field, or is copied from
/// (`SharedColumns`) where other layers read it, too.
struct LookupChoice: Sendable {
    /// The layer's input.
    let signal: Signal
    let fields: FieldsLayer
    let isShared: Bool
    /// What is multiplied, where it is moved to.
    let multiplied: FieldColumns
    /// The inputs that these are, among all, neighbours in one, and how many.
    let runs: [Range<Int>]
    let width: Int
    /// What is looked up, by its index among the fields.
    let numberLookups: [Int]
    let embeddingLookups: [Int]

    /// With fewer columns than this a feature is multiplied as fast as it is looked up.
    private static let leastWidth = 8
    /// In prediction categories' sums are worth it while they come from the processor's second cache.
    private static let mostBytes = 1 << 18

    /// By a dense layer's output: for predictions; or for training in batches of so many rows, where each batch works the sums out
    /// anew, which is to cost little beside the batch.
    static func all(_ blueprint: Blueprint, batchSize: Int?) -> [Signal: LookupChoice] {
        var choices: [Signal: LookupChoice] = [:]
        for case let dense as DenseLayer in blueprint.layers where dense.output.width >= leastWidth {
            guard let fields = blueprint.writer(of: dense.input) as? FieldsLayer else { continue }
            let choice = LookupChoice(
                dense.input, fields, outputs: dense.output.width,
                isShared: blueprint.readers(of: dense.input).count > 1, batchSize: batchSize)
            if !choice.isEmpty { choices[dense.output] = choice }
        }
        return choices
    }

    private init(_ signal: Signal, _ fields: FieldsLayer, outputs: Int, isShared: Bool, batchSize: Int?) {
        let numbers = fields.numbers.indices.filter { index in
            let field = fields.numbers[index]
            return field.width >= Self.leastWidth && field.idCount <= batchSize ?? .max
        }
        var left = batchSize == nil ? Self.mostBytes / (outputs * MemoryLayout<Float>.stride) : .max
        let most = batchSize.map { $0 / 8 } ?? .max
        var embeddings: [Int] = []
        let all = fields.embeddings
        for index in all.indices.sorted(by: { (all[$0].rows, $0) < (all[$1].rows, $1) }) {
            guard all[index].width >= Self.leastWidth, all[index].source.slot >= 0, all[index].rows <= min(left, most)
            else { continue }
            left -= all[index].rows
            embeddings.append(index)
        }
        self.init(signal, fields, isShared, numberLookups: numbers, embeddingLookups: embeddings)
    }

    private init(
        _ signal: Signal, _ fields: FieldsLayer, _ isShared: Bool, numberLookups: [Int], embeddingLookups: [Int]
    ) {
        (self.signal, self.fields, self.isShared) = (signal, fields, isShared)
        (self.numberLookups, self.embeddingLookups) = (numberLookups, embeddingLookups)
        let (numbersLookedUp, embeddingsLookedUp) = (Set(numberLookups), Set(embeddingLookups))
        let numbers = fields.numbers.indices.filter { !numbersLookedUp.contains($0) }
        let embeddings = fields.embeddings.indices.filter { !embeddingsLookedUp.contains($0) }
        let inputs = (numbers.map { fields.numbers[$0].inputs } + embeddings.map { fields.embeddings[$0].inputs })
            .filter { !$0.isEmpty }.sorted { $0.lowerBound < $1.lowerBound }
        /// How many inputs that remain come before those that begin there.
        var moved: [Int: Int] = [:]
        var (width, runs): (Int, [Range<Int>]) = (0, [])
        for range in inputs {
            moved[range.lowerBound] = width
            width += range.count
            if let last = runs.last, last.upperBound == range.lowerBound {
                runs[runs.count - 1] = last.lowerBound..<range.upperBound
            } else {
                runs.append(range)
            }
        }
        self.width = width
        self.runs = runs
        multiplied = FieldColumns(
            numbers: numbers.map { ($0, moved[fields.numbers[$0].offset] ?? width) },
            embeddings: embeddings.map { ($0, moved[fields.embeddings[$0].offset] ?? width) })
    }

    var isEmpty: Bool { numberLookups.isEmpty && embeddingLookups.isEmpty }
}
