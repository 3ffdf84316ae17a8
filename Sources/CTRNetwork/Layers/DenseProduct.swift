import CTRKernels

/// A dense layer's product with all of its inputs, or with some: the weights' rows that are theirs, packed.
struct DenseProduct: Sendable {
    let outputs: Int
    /// Inputs that it multiplies; below they are counted from 0 on.
    let inputs: Int
    /// Their rows of the weights, in ascending order.
    private let ranges: [Range<Int>]
    private let weights: FloatBuffer
    private let bias: FloatBuffer?
    private let packed: PackedMatrix

    init(_ weights: FloatBuffer, bias: FloatBuffer?, rows: [Range<Int>], outputs: Int) {
        self.weights = weights
        self.bias = bias
        self.outputs = outputs
        ranges = rows
        inputs = rows.reduce(0) { $0 + $1.count }
        packed = PackedMatrix(inputs: inputs, outputs: outputs)
        pack(inputs: 0..<inputs)
    }

    /// Takes over the weights of these inputs, and with the first one the bias.
    func pack(inputs: Range<Int>) {
        forEachRun(of: inputs) { run, rows in packed.pack(weight(rows.lowerBound), bias: bias, rows: run) }
    }

    /// The weights' row.
    func weight(_ row: Int) -> UnsafePointer<Float> { UnsafePointer(weights.base + row * outputs) }

    /// Neighbouring ones of these inputs, and the rows of the weights that are theirs.
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
    func multiply(
        _ input: UnsafePointer<Float>, rows: Int, relu: Bool, adding: Bool = false,
        into output: UnsafeMutablePointer<Float>
    ) {
        packed.multiply(input, rows: rows, relu: relu, adding: adding, into: output)
    }
}
