import CTRKernels

/// For each id of some fields a row as long as a layer is wide: what the id adds to the layer's sums, or its gradient.
/// The fields are numbers, then embeddings.
struct LookupTable: Sendable {
    let width: Int
    let loops: Buffer<vl_lookup>
    private let rows: FloatBuffer
    private let counts: [Int]

    /// `slopes`: where number i's slopes lie, a row a segment; `rowOfID`: embedding i's.
    init(
        _ numbers: [NumberField], _ embeddings: [EmbeddingField], width: Int,
        rowOfID: (Int) -> UnsafePointer<Int32>?, slopes: (Int) -> UnsafeMutablePointer<Float>
    ) {
        let counts = numbers.map(\.idCount) + embeddings.map(\.rows)
        let rows = FloatBuffer(count: counts.reduce(0, +) * width)
        var next = rows.base
        var loops: [vl_lookup] = []
        for (index, count) in counts.enumerated() {
            if index < numbers.count {
                let number = numbers[index].loop(offset: 0)
                loops.append(
                    vl_lookup(
                        sums: next, row_of_id: nil, slopes: slopes(index), slope_of_id: number.segment_of_id,
                        slot: number.slot, fraction: number.fraction))
            } else {
                let embedding = index - numbers.count
                loops.append(
                    vl_lookup(
                        sums: next, row_of_id: rowOfID(embedding), slopes: nil, slope_of_id: nil,
                        slot: embeddings[embedding].source.slot, fraction: 0))
            }
            next += count * width
        }
        (self.width, self.rows, self.counts, self.loops) = (width, rows, counts, Buffer(loops))
    }

    /// A field's rows.
    func rows(_ field: Int) -> UnsafeMutableBufferPointer<Float> {
        UnsafeMutableBufferPointer(start: loops.base[field].sums, count: counts[field] * width)
    }
}
