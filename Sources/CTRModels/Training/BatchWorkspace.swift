import CTRKernels

/// The memory of one training step, made once: activations and gradients of a batch, and what each worker needs to sum
/// up the gradients of weights.
///
/// A batch is cut into shards by its size alone, and each sum is taken in the batch's order: the same bits on any number
/// of threads.
final class BatchWorkspace {
    /// About so many rows of a layer's weights make a piece of the update phase: enough to be worth a product of
    /// matrices, few enough for the threads to share.
    static let gradientRows = 256

    let rowsPerShard: Int
    /// Rows that share a random stream for dropout; whole shards.
    let rowsPerStream: Int
    /// Which features' part of the first layer is multiplied; the input is theirs.
    let division: InputDivision
    let folded: FoldedPass?
    let dense: [DensePass]
    let input: FloatBuffer
    let inputGradient: FloatBuffer
    let activations: [FloatBuffer]
    let activationGradients: [FloatBuffer]
    let logitGradient: FloatBuffer
    let logits: FloatBuffer
    /// By worker.
    let weightGradients: [FloatBuffer]
    let touched: [TouchedRows]
    /// By worker: of a folded embedding's table.
    let tableGradients: [FloatBuffer]

    init(model: WideDeep, capacity: Int, threads: Int) {
        var rowsPerStream = max(64, (capacity + 7) / 8)
        // A part of a stream's rows: for small batches to be shared by threads at all, for large ones to stay in cache.
        let parts = capacity <= 128 ? 2 : (rowsPerStream + 127) / 128
        rowsPerStream = (rowsPerStream + 4 * parts - 1) / (4 * parts) * (4 * parts)
        self.rowsPerStream = rowsPerStream
        let rowsPerShard = rowsPerStream / parts
        self.rowsPerShard = rowsPerShard
        let division = InputDivision(model, batchSize: capacity)
        self.division = division
        folded = FoldedPass(model, division)
        // Numbers learn nothing.
        let learning = division.embeddings.map { $1..<($1 + model.embeddings[$0].table.width) }
        let first = (learning.map(\.lowerBound).min() ?? 0)..<(learning.map(\.upperBound).max() ?? 0)
        dense = model.dense.enumerated().map { index, layer in
            DensePass(
                layer, inputs: index == 0 ? division.inputs : nil, capacity: capacity, shardRows: rowsPerShard,
                learning: index == 0 ? first : nil)
        }
        input = FloatBuffer(count: capacity * division.width)
        inputGradient = FloatBuffer(count: capacity * division.width)
        activations = model.dense.map { FloatBuffer(count: capacity * $0.outputs) }
        activationGradients = model.dense.map { FloatBuffer(count: capacity * $0.outputs) }
        logitGradient = FloatBuffer(count: capacity)
        logits = FloatBuffer(count: capacity)
        let workers = ThreadPool.workers(threads)
        let foldedWidths =
            division.foldedNumbers.map { model.numeric[$0].width }
            + division.foldedEmbeddings.map { model.embeddings[$0].table.width }
        let largest =
            model.dense.enumerated().map { index, layer in
                max(min(layer.inputs, 2 * Self.gradientRows), index == 0 ? foldedWidths.max() ?? 0 : 0) * layer.outputs
            }.max() ?? 0
        let largestTable = division.foldedEmbeddings.map { model.embeddings[$0].table.weights.count }.max() ?? 0
        tableGradients = (0..<workers).map { _ in FloatBuffer(count: largestTable) }
        weightGradients = (0..<workers).map { _ in FloatBuffer(count: largest) }
        touched = (0..<workers).map { _ in TouchedRows() }
    }
}
