import CTRKernels

/// What a training makes small.
package protocol Objective: Sendable {
    /// For the row at each position of a batch: its loss at its position in `losses`, and the loss's gradient of the
    /// outputs in `gradient`. `outputs` and `gradient` are batch × the network's outputs.
    func evaluate(
        _ outputs: UnsafePointer<Float>, _ targets: Targets, rows: UnsafeBufferPointer<Int32>,
        losses: UnsafeMutablePointer<Float>, gradient: UnsafeMutablePointer<Float>)
}

/// What rows are to be answered with.
package struct Targets: Sendable {
    /// 0 or 1, rows × columns: one column an output.
    package let labels: FloatBuffer
    package let columns: Int
    /// One a row, of mean 1 over the training rows.
    package let weights: FloatBuffer

    package init(labels: FloatBuffer, columns: Int = 1, weights: FloatBuffer) {
        (self.labels, self.columns, self.weights) = (labels, columns, weights)
    }
}
