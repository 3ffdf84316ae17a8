import CTRKernels

/// The memory of one training step, made once: activations and gradients of a batch, and each shard's weight gradients.
///
/// A batch is cut into shards by its size alone, and their gradients are added in shard order: the same bits on any
/// number of threads.
final class BatchWorkspace {
    static let shardRows = 64

    let capacity: Int
    let input: FloatBuffer
    let inputGradient: FloatBuffer
    let activations: [FloatBuffer]
    let activationGradients: [FloatBuffer]
    let logitGradient: FloatBuffer
    let logits: FloatBuffer
    /// [shard][layer]
    let weightGradients: [[FloatBuffer]]
    let biasGradients: [[FloatBuffer]]
    let rowsPerShard: Int

    init(model: WideDeep, capacity: Int) {
        self.capacity = capacity
        rowsPerShard = max(Self.shardRows, (capacity + 7) / 8)
        let shards = (capacity + rowsPerShard - 1) / rowsPerShard
        input = FloatBuffer(count: capacity * model.inputWidth)
        inputGradient = FloatBuffer(count: capacity * model.inputWidth)
        activations = model.dense.map { FloatBuffer(count: capacity * $0.outputs) }
        activationGradients = model.dense.map { FloatBuffer(count: capacity * $0.outputs) }
        logitGradient = FloatBuffer(count: capacity)
        logits = FloatBuffer(count: capacity)
        weightGradients = (0..<shards).map { _ in model.dense.map { FloatBuffer(count: $0.inputs * $0.outputs) } }
        biasGradients = (0..<shards).map { _ in model.dense.map { FloatBuffer(count: $0.outputs) } }
    }
}
