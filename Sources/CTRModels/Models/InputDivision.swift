/// Which features of a network go through its first layer as inputs that are multiplied, and which as sums that are
/// looked up by the feature's id (`FoldedSums`).
struct InputDivision: Sendable {
    /// What is multiplied, moved together.
    private(set) var numbers: [PiecewiseLinearLayer] = []
    private(set) var embeddings: [EmbeddingLayer] = []
    /// The network's inputs that these are, in order, and how many.
    private(set) var inputs: [Range<Int>] = []
    private(set) var width = 0
    /// What is looked up, where the network has it.
    private(set) var foldedNumbers: [PiecewiseLinearLayer] = []
    private(set) var foldedEmbeddings: [EmbeddingLayer] = []

    /// Categories' sums are worth it while they come from the processor's second cache.
    private static let mostBytes = 1 << 18
    /// With fewer inputs than this a feature is multiplied as fast as it is looked up.
    private static let leastWidth = 8

    init(_ network: WideDeep) {
        let outputs = network.dense.first.map { $0.isHidden ? $0.outputs : 0 } ?? 0
        let isWorthIt = outputs >= Self.leastWidth
        for var layer in network.numeric {
            if isWorthIt, layer.width >= Self.leastWidth {
                foldedNumbers.append(layer)
            } else {
                layer.offset = move(layer.offset, layer.width)
                numbers.append(layer)
            }
        }
        var left = Self.mostBytes
        let sizes = network.embeddings.map { $0.table.rows * outputs * MemoryLayout<Float>.stride }
        var folded: Set<Int> = []
        for index in sizes.indices.sorted(by: { (sizes[$0], $0) < (sizes[$1], $1) }) {
            let layer = network.embeddings[index]
            guard isWorthIt, layer.table.width >= Self.leastWidth, layer.source.slot >= 0, sizes[index] <= left else {
                continue
            }
            left -= sizes[index]
            folded.insert(index)
        }
        for (index, var layer) in network.embeddings.enumerated() {
            if folded.contains(index) {
                foldedEmbeddings.append(layer)
            } else {
                layer.offset = move(layer.offset, layer.table.width)
                embeddings.append(layer)
            }
        }
    }

    /// The place of inputs that are multiplied.
    private mutating func move(_ offset: Int, _ count: Int) -> Int {
        inputs.append(offset..<offset + count)
        width += count
        return width - count
    }
}
