import CTRKernels

@testable import CTRFeatures
@testable import CTRNetwork

/// Seeded rows of every kind of feature: a plain number; a number of many bins with modes, here and there missing;
/// categories of few ids and of many; lists of no to three ids, that may repeat.
struct MadeRows {
    static let (plain, binned, few, many, words) = (0, 1, 2, 3, 0)
    static let bins = [
        NumericBins(edges: [0, 1], modes: []), NumericBins(edges: (0...12).map(Double.init), modes: [3, 7.5]),
    ]
    static let (fewIDs, manyIDs, wordIDs) = (8, 30, 11)
    /// Of the categories of few ids.
    static let rareID = 5
    static let factorWidth = 8

    let rows: TrainingRows
    let targets: Targets
    /// By row: the numbers, as they were before they were encoded.
    let numbers: [[Double]]

    init(_ count: Int, seed: UInt64 = 1) {
        var random = RandomStream(seed: seed)
        var numbers: [[Double]] = []
        var (ids, fractions): ([Int32], [Float]) = ([], [])
        var (offsets, words): ([Int], [Int32]) = ([0], [])
        for _ in 0..<count {
            let draws = (Double(random.nextFloat()), Double(random.nextFloat()))
            numbers.append([draws.0 * 2 - 0.5, draws.1 < 0.1 ? .nan : draws.1 < 0.25 ? 3 : draws.1 * 20 - 5])
            for (bins, value) in zip(Self.bins, numbers[numbers.count - 1]) {
                let (id, fraction) = bins.withEdges { $0.encode(value) }
                ids.append(id)
                fractions.append(fraction)
            }
            ids.append(Int32(random.nextIndex(below: Self.fewIDs)))
            ids.append(Int32(random.nextIndex(below: Self.manyIDs)))
            for _ in 0..<random.nextIndex(below: 4) { words.append(Int32(random.nextIndex(below: Self.wordIDs))) }
            offsets.append(words.count)
        }
        var encoded = EncodedRows()
        (encoded.rowCount, encoded.slotCount, encoded.fractionCount) = (count, 4, 2)
        (encoded.ids, encoded.fractions) = (IndexBuffer(ids), FloatBuffer(fractions))
        encoded.lists = [EncodedList(offsets: offsets, ids: words)]
        rows = TrainingRows(encoded)
        self.numbers = numbers
        targets = Targets(
            labels: FloatBuffer((0..<count).map { _ in random.nextFloat() < 0.4 ? 1 : 0 }),
            weights: FloatBuffer((0..<count).map { _ in random.nextFloat() * 2 }))
    }

    var all: [Int32] { (0..<rows.rowCount).map { Int32($0) } }

    /// As many rows as there are, in any order, a fifth of them twice.
    var batch: [Int32] {
        var batch = all.map { $0 % 5 == 4 ? $0 / 2 : $0 }
        var random = RandomStream(seed: 2)
        random.shuffle(&batch)
        return batch
    }
}
