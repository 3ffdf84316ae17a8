/// A matrix, inputs × outputs, with a bias, in the order in which a product reads it. The product's elements are each
/// summed up by itself: a row's result depends neither on the rows beside it nor on how many they are, as a BLAS's does
/// in the last bit.
package struct PackedMatrix: Sendable {
    package let inputs: Int
    package let outputs: Int
    private let packed: FloatBuffer

    /// Zero until it is packed.
    package init(inputs: Int, outputs: Int) {
        self.inputs = inputs
        self.outputs = outputs
        packed = FloatBuffer(count: VectorLoops.chosen.pointee.packed_size(inputs, outputs))
    }

    /// Of these rows of a matrix, in order.
    package init(_ matrix: FloatBuffer, bias: FloatBuffer?, inputs: [Range<Int>], outputs: Int) {
        self.init(inputs: inputs.reduce(0) { $0 + $1.count }, outputs: outputs)
        var first = 0
        for rows in inputs {
            pack(matrix.base + rows.lowerBound * outputs, bias: bias, rows: first..<first + rows.count)
            first += rows.count
        }
    }

    /// Takes over these rows of the matrix, which lie one after the other, and with the first one the bias.
    package func pack(_ source: UnsafePointer<Float>, bias: FloatBuffer?, rows: Range<Int>) {
        VectorLoops.chosen.pointee.pack(
            source, bias.map { UnsafePointer($0.base) }, inputs, outputs, rows.lowerBound, rows.upperBound, packed.base)
    }

    /// Takes over these columns of the matrix from rows of the one that it is transposed from; there is no bias.
    package func packTransposed(_ source: UnsafePointer<Float>, columns: Range<Int>) {
        VectorLoops.chosen.pointee.pack_transposed(
            source, outputs, inputs, columns.lowerBound, columns.upperBound, packed.base)
    }

    /// y = f(x · matrix + bias), with ReLU or without; `adding`: f(x · matrix + y). x is row-major and dense, y's rows are
    /// `stride` apart, or dense.
    package func multiply(
        _ x: UnsafePointer<Float>, rows: Int, relu: Bool, adding: Bool = false,
        into y: UnsafeMutablePointer<Float>, stride: Int? = nil
    ) {
        let mode = (relu ? VL_RELU : VL_LINEAR) | (adding ? VL_ADD : VL_LINEAR)
        VectorLoops.chosen.pointee.multiply(
            x, inputs, 1, rows, packed.base, inputs, outputs, Int32(mode), y, stride ?? outputs)
    }
}

/// The product that gives a weight matrix its gradient, xᵀ · g, with g packed piece by piece: first by whoever made it,
/// then read by all who need it.
package struct PackedPieces: Sendable {
    private let outputs: Int
    private let pieceRows: Int
    private let pieceSize: Int
    private let packed: FloatBuffer

    /// Room for `rows` rows of `outputs` columns, in pieces of `pieceRows`.
    package init(rows: Int, pieceRows: Int, outputs: Int) {
        self.outputs = outputs
        self.pieceRows = max(pieceRows, 1)
        pieceSize = VectorLoops.chosen.pointee.packed_size(self.pieceRows, outputs)
        packed = FloatBuffer(count: (rows + self.pieceRows - 1) / self.pieceRows * pieceSize)
    }

    /// Packs the rows of a piece, `count` × outputs; all pieces but the last are whole.
    package func pack(_ rows: UnsafePointer<Float>, count: Int, piece: Int) {
        VectorLoops.chosen.pointee.pack(rows, nil, count, outputs, 0, count, packed.base + piece * pieceSize)
    }

    /// product[i, j] = Σ over rows of x[row, i] · g[row, j] for `width` columns of x, whose rows are `stride` apart;
    /// the rows are summed up in order.
    package func product(
        _ x: UnsafePointer<Float>, stride: Int, width: Int, rows: Int, into product: UnsafeMutablePointer<Float>
    ) {
        for index in 0..<(width * outputs) { product[index] = 0 }
        var row = 0
        while row < rows {
            let count = min(pieceRows, rows - row)
            VectorLoops.chosen.pointee.multiply(
                x + row * stride, 1, stride, width, packed.base + row / pieceRows * pieceSize, count, outputs,
                Int32(VL_ADD), product, outputs)
            row += count
        }
    }
}
