/// Which features of a network go through its first layer as inputs that are multiplied, and which as sums that are
/// looked up by the feature's id (`FoldedSums`).
struct InputDivision: Sendable {
    /// What is multiplied, by its place in the network's, and where its inputs are once moved together.
    let numbers: [(index: Int, offset: Int)]
    let embeddings: [(index: Int, offset: Int)]
    /// The network's inputs that these are, and how many.
    let inputs: [Range<Int>]
    let width: Int
    /// What is looked up, by its place in the network's.
    let foldedNumbers: [Int]
    let foldedEmbeddings: [Int]

    /// With fewer inputs than this a feature is multiplied as fast as it is looked up.
    private static let leastWidth = 8
    /// In prediction categories' sums are worth it while they come from the processor's second cache.
    private static let mostBytes = 1 << 18

    /// For predictions; or for training in batches of so many rows, where each batch works the sums out anew, which is to
    /// cost little beside the batch.
    init(_ network: WideDeep, batchSize: Int? = nil) {
        let outputs = network.dense.first.map { $0.isHidden ? $0.outputs : 0 } ?? 0
        if outputs < Self.leastWidth {
            self.init(whole: network)
            return
        }
        let numbers = network.numeric.indices.filter { index in
            let layer = network.numeric[index]
            return layer.width >= Self.leastWidth && layer.idCount <= batchSize ?? .max
        }
        var left = batchSize == nil ? Self.mostBytes / (outputs * MemoryLayout<Float>.stride) : .max
        let most = batchSize.map { $0 / 8 } ?? .max
        var embeddings: [Int] = []
        let tables = network.embeddings.map(\.table)
        for index in tables.indices.sorted(by: { (tables[$0].rows, $0) < (tables[$1].rows, $1) }) {
            guard tables[index].width >= Self.leastWidth, network.embeddings[index].source.slot >= 0,
                tables[index].rows <= min(left, most)
            else { continue }
            left -= tables[index].rows
            embeddings.append(index)
        }
        self.init(network, foldedNumbers: numbers, foldedEmbeddings: embeddings)
    }

    private init(_ network: WideDeep, foldedNumbers: [Int], foldedEmbeddings: [Int]) {
        (self.foldedNumbers, self.foldedEmbeddings) = (foldedNumbers, foldedEmbeddings)
        let (areNumbersFolded, areEmbeddingsFolded) = (Set(foldedNumbers), Set(foldedEmbeddings))
        let numbers = network.numeric.indices.filter { !areNumbersFolded.contains($0) }
        let embeddings = network.embeddings.indices.filter { !areEmbeddingsFolded.contains($0) }
        let inputs = (numbers.map { network.numeric[$0].inputs } + embeddings.map { network.embeddings[$0].inputs })
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
        self.numbers = numbers.map { ($0, moved[network.numeric[$0].offset] ?? width) }
        self.embeddings = embeddings.map { ($0, moved[network.embeddings[$0].offset] ?? width) }
    }

    /// Nothing is looked up.
    init(whole network: WideDeep) {
        numbers = network.numeric.enumerated().map { ($0, $1.offset) }
        embeddings = network.embeddings.enumerated().map { ($0, $1.offset) }
        inputs = [0..<network.inputWidth]
        width = network.inputWidth
        (foldedNumbers, foldedEmbeddings) = ([], [])
    }

    var isWhole: Bool { foldedNumbers.isEmpty && foldedEmbeddings.isEmpty }
}
