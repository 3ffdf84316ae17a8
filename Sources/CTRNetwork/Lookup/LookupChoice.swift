/// What of a dense layer's inputs is multiplied, and what is looked up by its feature's id (`LookupSums`): a rewrite of the
/// plan where the layer alone reads a field.
struct LookupChoice: Sendable {
    /// The layer's input, which keeps the fields that are left.
    let signal: Signal
    let fields: FieldsLayer
    /// What is multiplied, by its index among the fields, and its first column once they are moved together.
    let numbers: [(index: Int, offset: Int)]
    let embeddings: [(index: Int, offset: Int)]
    /// The inputs that these are, among all, and how many.
    let inputs: [Range<Int>]
    let width: Int
    /// What is looked up, by its index among the fields.
    let numberLookups: [Int]
    let embeddingLookups: [Int]

    /// With fewer columns than this a feature is multiplied as fast as it is looked up.
    private static let leastWidth = 8
    /// In prediction categories' sums are worth it while they come from the processor's second cache.
    private static let mostBytes = 1 << 18

    /// By dense layer: for predictions; or for training in batches of so many rows, where each batch works the sums out
    /// anew, which is to cost little beside the batch.
    static func all(_ blueprint: Blueprint, batchSize: Int?) -> [Int: LookupChoice] {
        var choices: [Int: LookupChoice] = [:]
        for (index, layer) in blueprint.layers.enumerated() {
            guard let dense = layer as? DenseLayer, dense.isHidden, dense.output.width >= leastWidth,
                let fields = blueprint.writer(of: dense.input) as? FieldsLayer
            else { continue }
            let others = blueprint.readers(of: dense.input).filter { $0 != index }
                .map { blueprint.layers[$0].columns(of: dense.input) }
            let choice = LookupChoice(
                dense.input, fields, outputs: dense.output.width, readByOthers: others, batchSize: batchSize)
            if !choice.isEmpty { choices[index] = choice }
        }
        return choices
    }

    /// `readByOthers`: columns that other layers read, which have to be written.
    init(
        _ signal: Signal, _ fields: FieldsLayer, outputs: Int, readByOthers: [Range<Int>] = [], batchSize: Int?
    ) {
        func isOpen(_ inputs: Range<Int>) -> Bool {
            inputs.count >= Self.leastWidth && !readByOthers.contains { $0.overlaps(inputs) }
        }
        let numbers = fields.numbers.indices.filter { index in
            let field = fields.numbers[index]
            return isOpen(field.inputs) && field.idCount <= batchSize ?? .max
        }
        var left = batchSize == nil ? Self.mostBytes / (outputs * MemoryLayout<Float>.stride) : .max
        let most = batchSize.map { $0 / 8 } ?? .max
        var embeddings: [Int] = []
        let all = fields.embeddings
        for index in all.indices.sorted(by: { (all[$0].rows, $0) < (all[$1].rows, $1) }) {
            guard isOpen(all[index].inputs), all[index].source.slot >= 0, all[index].rows <= min(left, most)
            else { continue }
            left -= all[index].rows
            embeddings.append(index)
        }
        self.init(signal, fields, numberLookups: numbers, embeddingLookups: embeddings)
    }

    private init(_ signal: Signal, _ fields: FieldsLayer, numberLookups: [Int], embeddingLookups: [Int]) {
        self.signal = signal
        self.fields = fields
        (self.numberLookups, self.embeddingLookups) = (numberLookups, embeddingLookups)
        let (numbersLookedUp, embeddingsLookedUp) = (Set(numberLookups), Set(embeddingLookups))
        let numbers = fields.numbers.indices.filter { !numbersLookedUp.contains($0) }
        let embeddings = fields.embeddings.indices.filter { !embeddingsLookedUp.contains($0) }
        let inputs = (numbers.map { fields.numbers[$0].inputs } + embeddings.map { fields.embeddings[$0].inputs })
            .filter { !$0.isEmpty }.sorted { $0.lowerBound < $1.lowerBound }
        /// How many inputs that remain come before those that begin there.
        var moved: [Int: Int] = [:]
        var width = 0
        for range in inputs {
            moved[range.lowerBound] = width
            width += range.count
        }
        self.inputs = inputs
        self.width = width
        self.numbers = numbers.map { ($0, moved[fields.numbers[$0].offset] ?? width) }
        self.embeddings = embeddings.map { ($0, moved[fields.embeddings[$0].offset] ?? width) }
    }

    var isEmpty: Bool { numberLookups.isEmpty && embeddingLookups.isEmpty }
}
