import CTRKernels

/// How a batch is cut into shards: by its size alone, and each sum is taken in the batch's order, so that there are the
/// same bits on any number of threads.
package struct BatchShape {
    /// Rows, at most.
    let capacity: Int
    let rowsPerShard: Int
    /// Rows that share a random stream for dropout; whole shards.
    let rowsPerStream: Int
    /// The share of a hidden layer's units that is dropped.
    let dropout: Double
    let seed: UInt64
    /// By parameter, of the tables that ask for it.
    let frequencies: [Int: IndexBuffer]

    init(capacity: Int, dropout: Double, seed: UInt64, frequencies: [Int: IndexBuffer]) {
        var rowsPerStream = max(64, (capacity + 7) / 8)
        // A part of a stream's rows: for small batches to be shared by threads at all, for large ones to stay in cache.
        let parts = capacity <= 128 ? 2 : (rowsPerStream + 127) / 128
        rowsPerStream = (rowsPerStream + 4 * parts - 1) / (4 * parts) * (4 * parts)
        self.rowsPerStream = rowsPerStream
        rowsPerShard = rowsPerStream / parts
        (self.capacity, self.dropout, self.seed, self.frequencies) = (capacity, dropout, seed, frequencies)
    }
}
