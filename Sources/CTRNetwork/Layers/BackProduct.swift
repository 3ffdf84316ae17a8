import CTRKernels

/// The two products by which a dense layer's gradient goes back: with the transposed weights to its input, with the
/// transposed input to the weights. For batches of at most `capacity` rows in shards of `shardRows`.
struct BackProduct: Sendable {
    private let product: DenseProduct
    private let packed: PackedMatrix
    private let gradients: PackedPieces
    private let learning: Range<Int>

    /// `learning`: the inputs that want a gradient, all if nil.
    init(_ product: DenseProduct, learning: Range<Int>? = nil, capacity: Int, shardRows: Int) {
        self.product = product
        self.learning = learning ?? 0..<product.inputs
        packed = PackedMatrix(inputs: product.outputs, outputs: self.learning.count)
        gradients = PackedPieces(rows: capacity, pieceRows: shardRows, outputs: product.outputs)
        pack(inputs: 0..<product.inputs)
    }

    /// Takes over the weights of these inputs.
    func pack(inputs: Range<Int>) {
        product.forEachRun(of: inputs) { run, rows in
            let both = run.clamped(to: learning)
            if both.isEmpty { return }
            let first = learning.lowerBound
            packed.packTransposed(
                product.weight(rows.lowerBound + both.lowerBound - run.lowerBound),
                columns: (both.lowerBound - first)..<(both.upperBound - first))
        }
    }

    /// The gradient of the input, from that of the output before its activation: rows × inputs, of which those that learn
    /// nothing are left as they are. `adds`: to what is there.
    func inputGradient(
        _ gradient: UnsafePointer<Float>, adds: Bool, into inputGradient: UnsafeMutablePointer<Float>, rows: Int
    ) {
        packed.multiply(
            gradient, rows: rows, relu: false, adding: adds, into: inputGradient + learning.lowerBound,
            stride: product.inputs)
    }

    /// Keeps a shard's gradient of the output before its activation for `weightGradient`.
    func keep(_ gradient: UnsafePointer<Float>, rows: Int, shard: Int) {
        gradients.pack(gradient, count: rows, piece: shard)
    }

    /// The gradient of the weights of some of the inputs, from the gradients that were kept, summed over the batch's
    /// rows: `selected.count` × outputs.
    func weightGradient(
        _ input: UnsafePointer<Float>, inputs selected: Range<Int>, rows: Int,
        into weightGradient: UnsafeMutablePointer<Float>
    ) {
        gradients.product(
            input + selected.lowerBound, stride: product.inputs, width: selected.count, rows: rows,
            into: weightGradient)
    }
}
