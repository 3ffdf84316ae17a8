import CTRFeatures
import CTRKernels

/// A feature's embedding (Cheng et al., 2016, section 3.2): a row of the table for each id; the rows of a multi-valued
/// feature are averaged, and one without values is zero. It writes `table.width` floats of the deep part's input.
package struct EmbeddingLayer: Sendable {
    package var name: String
    package var source: IDSource
    /// ids × embedding dimension
    package var table: Parameters
    /// Where in the input its floats begin.
    package var offset: Int
    /// The table's row of each id: that of the unknown id for ids seen too rarely to have learnt one of their own.
    package let rowOfID: IndexBuffer

    /// `isRare` tells of an id whether it shares the unknown id's row.
    package init(
        name: String, source: IDSource, table: Parameters, offset: Int, isRare: (Int) -> Bool = { _ in false }
    ) {
        rowOfID = IndexBuffer(
            (0..<table.rows).map { isRare($0) ? Vocabulary.unknown : Int32(truncatingIfNeeded: $0) })
        self.name = name
        self.source = source
        self.table = table
        self.offset = offset
    }

    /// Writes one row's embedding to its place in `input`.
    package func forward(
        _ rows: TrainingRows, row: Int, weights: FloatBuffer, input: UnsafeMutablePointer<Float>
    ) {
        let width = table.width
        let output = input + offset
        let ids = rows.ids(source, row: row)
        if ids.count == 1 {
            let line = weights.base + Int(rowOfID.base[Int(ids[0])]) * width
            for column in 0..<width { output[column] = line[column] }
            return
        }
        for column in 0..<width { output[column] = 0 }
        if ids.isEmpty { return }
        let scale = 1 / Float(ids.count)
        for id in ids {
            let line = weights.base + Int(rowOfID.base[Int(id)]) * width
            DenseKernels.addScaled(line, scale: scale, to: output, count: width)
        }
    }

    /// `inputGradient`: batch × `inputWidth`.
    package func backward(
        _ rows: TrainingRows, batch: UnsafeBufferPointer<Int32>, inputGradient: UnsafePointer<Float>,
        inputWidth: Int, into gradient: SparseGradient
    ) {
        for (place, row) in batch.enumerated() {
            let ids = rows.ids(source, row: Int(row))
            if ids.isEmpty { continue }
            let scale = 1 / Float(ids.count)
            for id in ids {
                gradient.add(
                    inputGradient + place * inputWidth + offset, scale: scale, row: rowOfID.base[Int(id)])
            }
        }
    }
}
