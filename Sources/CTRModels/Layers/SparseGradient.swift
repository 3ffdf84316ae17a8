import CTRKernels

/// The gradient of a table of which a batch touches few rows: sums for the touched rows alone, in the order of the
/// batch's rows, so the result is the same whatever the number of threads.
package final class SparseGradient: @unchecked Sendable {
    package let width: Int
    package let sums: FloatBuffer
    package private(set) var touched: [Int32] = []
    /// How often this batch holds each touched row; 0 marks a row as not touched.
    package let hits: IndexBuffer

    package init(rows: Int, width: Int) {
        self.width = width
        sums = FloatBuffer(count: rows * width)
        hits = IndexBuffer(count: rows)
    }

    package func add(_ gradient: UnsafePointer<Float>, scale: Float, row: Int32) {
        let index = Int(row)
        if hits.base[index] == 0 { touched.append(row) }
        hits.base[index] += 1
        DenseKernels.addScaled(gradient, scale: scale, to: sums.base + index * width, count: width)
    }

    /// Hands each touched row's sum to `body`, and is empty after.
    package func drain(_ body: (_ row: Int, _ sum: UnsafeMutablePointer<Float>, _ hits: Int32) -> Void) {
        for row in touched {
            let index = Int(row)
            let sum = sums.base + index * width
            body(index, sum, hits.base[index])
            hits.base[index] = 0
            for column in 0..<width { sum[column] = 0 }
        }
        touched.removeAll(keepingCapacity: true)
    }
}
