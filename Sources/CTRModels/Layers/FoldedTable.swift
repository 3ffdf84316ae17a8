import CTRKernels

/// For each id of some features a row as long as a layer is wide: what the id adds to the layer's sums, or its gradient.
/// The features are numbers, then embeddings.
struct FoldedTable: Sendable {
    let width: Int
    let features: Buffer<vl_lookup>
    private let rows: FloatBuffer
    private let counts: [Int]

    /// `slopes`: where number i's slopes lie, a row a segment.
    init(
        _ numbers: [PiecewiseLinearLayer], _ embeddings: [EmbeddingLayer], width: Int,
        slopes: (Int) -> UnsafeMutablePointer<Float>
    ) {
        let counts = numbers.map(\.idCount) + embeddings.map(\.table.rows)
        let rows = FloatBuffer(count: counts.reduce(0, +) * width)
        var next = rows.base
        var features: [vl_lookup] = []
        for (index, count) in counts.enumerated() {
            if index < numbers.count {
                let place = numbers[index].place
                features.append(
                    vl_lookup(
                        sums: next, row_of_id: nil, slopes: slopes(index), slope_of_id: place.segment_of_id,
                        slot: place.slot, fraction: place.fraction))
            } else {
                let place = embeddings[index - numbers.count].place(.current)
                features.append(
                    vl_lookup(
                        sums: next, row_of_id: place.row_of_id, slopes: nil, slope_of_id: nil, slot: place.slot,
                        fraction: 0))
            }
            next += count * width
        }
        (self.width, self.rows, self.counts, self.features) = (width, rows, counts, Buffer(features))
    }

    /// A feature's rows.
    func rows(_ feature: Int) -> UnsafeMutableBufferPointer<Float> {
        UnsafeMutableBufferPointer(start: features.base[feature].sums, count: counts[feature] * width)
    }
}
