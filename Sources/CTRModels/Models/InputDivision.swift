/// Which features of a network go through its first layer as inputs that are multiplied, and which as sums that are
/// looked up by the feature's id (`FoldedSums`).
struct InputDivision: Sendable {
    /// What is multiplied, by its place in the network's, and where its inputs are once moved together. In the network's
    /// order.
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
        let isWorthIt = outputs >= Self.leastWidth
        let foldedNumbers = network.numeric.indices.filter { index in
            let layer = network.numeric[index]
            return isWorthIt && layer.width >= Self.leastWidth && layer.idCount <= batchSize ?? .max
        }
        var left = batchSize == nil ? Self.mostBytes / (max(outputs, 1) * MemoryLayout<Float>.stride) : .max
        var foldedEmbeddings: [Int] = []
        let tables = network.embeddings.map(\.table)
        for index in tables.indices.sorted(by: { (tables[$0].rows, $0) < (tables[$1].rows, $1) }) {
            guard isWorthIt, tables[index].width >= Self.leastWidth, network.embeddings[index].source.slot >= 0,
                tables[index].rows <= min(left, batchSize.map { $0 / 8 } ?? .max)
            else { continue }
            left -= tables[index].rows
            foldedEmbeddings.append(index)
        }
        // Numbers are told from embeddings by a place below 0.
        var kept = network.numeric.indices.filter { !foldedNumbers.contains($0) }.map { index in
            (inputs: network.numeric[index].inputs, place: index - network.numeric.count)
        }
        kept += network.embeddings.indices.filter { !foldedEmbeddings.contains($0) }.map { index in
            (inputs: network.embeddings[index].inputs, place: index)
        }
        kept.sort { $0.inputs.lowerBound < $1.inputs.lowerBound }
        var (numbers, embeddings): ([(index: Int, offset: Int)], [(index: Int, offset: Int)]) = ([], [])
        var width = 0
        for (inputs, place) in kept {
            if place < 0 {
                numbers.append((place + network.numeric.count, width))
            } else {
                embeddings.append((place, width))
            }
            width += inputs.count
        }
        (self.numbers, self.embeddings, self.width) = (numbers, embeddings, width)
        (self.foldedNumbers, self.foldedEmbeddings) = (foldedNumbers, foldedEmbeddings)
        inputs = kept.map(\.inputs).filter { !$0.isEmpty }
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
