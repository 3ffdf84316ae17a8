import CTRKernels

/// A dense layer in training: its products forward and backward, for batches of at most `capacity` rows that come in
/// shards of `shardRows`. The weights are packed for both ways; who changes them packs them again.
package struct DensePass: Sendable {
    package let layer: DenseLayer
    /// How many of the layer's inputs it multiplies; below they are counted from 0 on.
    package let inputs: Int
    /// Which of the layer's inputs these are.
    private let ranges: [Range<Int>]
    private let forward: PackedMatrix
    private let backward: PackedMatrix
    private let gradients: PackedPieces
    private let learning: Range<Int>
    private let hasBias: Bool

    /// `ranges`: the layer's inputs that come here, in ascending order, all if nil. `learning`: those of them that want a
    /// gradient, all if nil.
    package init(
        _ layer: DenseLayer, inputs ranges: [Range<Int>]? = nil, capacity: Int, shardRows: Int,
        learning: Range<Int>? = nil, hasBias: Bool = true
    ) {
        self.layer = layer
        self.ranges = ranges ?? [0..<layer.inputs]
        self.hasBias = hasBias
        inputs = self.ranges.reduce(0) { $0 + $1.count }
        self.learning = learning ?? 0..<inputs
        forward = PackedMatrix(inputs: inputs, outputs: layer.outputs)
        backward = PackedMatrix(inputs: layer.outputs, outputs: self.learning.count)
        gradients = PackedPieces(rows: capacity, pieceRows: shardRows, outputs: layer.outputs)
        pack(inputs: 0..<inputs)
    }

    /// Takes over the weights of these inputs, and with the first one the bias.
    package func pack(inputs: Range<Int>) {
        let bias = hasBias ? layer.bias.weights : nil
        forEachRun(of: inputs) { run, rows in
            func weights(_ input: Int) -> UnsafePointer<Float> {
                UnsafePointer(layer.weights.weights.base + (rows.lowerBound + input - run.lowerBound) * layer.outputs)
            }
            forward.pack(weights(run.lowerBound), bias: bias, rows: run)
            let both = run.clamped(to: learning)
            if both.isEmpty { return }
            let first = learning.lowerBound
            backward.packTransposed(
                weights(both.lowerBound), columns: (both.lowerBound - first)..<(both.upperBound - first))
        }
    }

    /// Neighbouring ones of these inputs, and the rows of the layer's weights that are theirs.
    func forEachRun(of inputs: Range<Int>, _ body: (_ run: Range<Int>, _ rows: Range<Int>) -> Void) {
        var first = 0
        for range in ranges {
            let run = (first..<first + range.count).clamped(to: inputs)
            let start = range.lowerBound + run.lowerBound - first
            if !run.isEmpty { body(run, start..<start + run.count) }
            first += range.count
        }
    }

    /// `output` = f(`input`·W + b); `adding`: f(`input`·W + `output`).
    package func forward(
        _ input: UnsafePointer<Float>, adding: Bool = false, output: UnsafeMutablePointer<Float>, rows: Int
    ) {
        forward.multiply(input, rows: rows, relu: layer.isHidden, adding: adding, into: output)
    }

    /// The gradient of the input, from that of the output before its activation: rows × inputs, of which those that learn
    /// nothing are left as they are.
    package func inputGradient(
        _ gradient: UnsafePointer<Float>, into inputGradient: UnsafeMutablePointer<Float>, rows: Int
    ) {
        backward.multiply(
            gradient, rows: rows, relu: false, into: inputGradient + learning.lowerBound, stride: inputs)
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
            input + selected.lowerBound, stride: inputs, width: selected.count, rows: rows, into: weightGradient)
    }
}
