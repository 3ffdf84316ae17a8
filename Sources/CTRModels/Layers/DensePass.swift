import CTRKernels

/// A dense layer in training: its products forward and backward, for batches of at most `capacity` rows that come in
/// shards of `shardRows`. The weights are packed for both ways; who changes them packs them again.
package struct DensePass: Sendable {
    package let layer: DenseLayer
    private let forward: PackedMatrix
    private let backward: PackedMatrix
    private let gradients: PackedPieces
    private let learning: Range<Int>

    /// `learning`: the inputs that want a gradient, all if nil.
    package init(_ layer: DenseLayer, capacity: Int, shardRows: Int, learning: Range<Int>? = nil) {
        self.layer = layer
        self.learning = learning ?? 0..<layer.inputs
        forward = PackedMatrix(inputs: layer.inputs, outputs: layer.outputs)
        backward = PackedMatrix(inputs: layer.outputs, outputs: self.learning.count)
        gradients = PackedPieces(rows: capacity, pieceRows: shardRows, outputs: layer.outputs)
        pack(inputs: 0..<layer.inputs)
    }

    /// Takes over the weights of these inputs, and with the first one the bias.
    package func pack(inputs: Range<Int>) {
        forward.pack(layer.weights.weights, bias: layer.bias.weights, rows: inputs)
        let both = inputs.clamped(to: learning)
        if !both.isEmpty { backward.packTransposed(layer.weights.weights, rows: both, first: learning.lowerBound) }
    }

    /// `output` = f(`input`·W + b)
    package func forward(
        _ input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>, rows: Int
    ) {
        forward.multiply(input, rows: rows, relu: layer.isHidden, into: output)
    }

    /// The gradient of the input, from that of the output before its activation: rows × inputs, of which those that learn
    /// nothing are left as they are.
    package func inputGradient(
        _ gradient: UnsafePointer<Float>, into inputGradient: UnsafeMutablePointer<Float>, rows: Int
    ) {
        backward.multiply(
            gradient, rows: rows, relu: false, into: inputGradient + learning.lowerBound, stride: layer.inputs)
    }

    /// Keeps a shard's gradient of the output before its activation for `weightGradient`.
    package func keepGradient(_ gradient: UnsafePointer<Float>, rows: Int, shard: Int) {
        gradients.pack(gradient, count: rows, piece: shard)
    }

    /// The gradient of the weights of some of the inputs, from the gradients that were kept, summed over the batch's
    /// rows: `selected.count` × outputs.
    package func weightGradient(
        _ input: UnsafePointer<Float>, inputs selected: Range<Int>, rows: Int,
        into weightGradient: UnsafeMutablePointer<Float>
    ) {
        gradients.product(
            input + selected.lowerBound, stride: layer.inputs, width: selected.count, rows: rows, into: weightGradient)
    }
}
