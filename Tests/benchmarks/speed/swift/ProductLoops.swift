import CTRKernels

/// The three products of a dense layer in training, of the sizes that the training benchmark has.
struct ProductLoops {
    private let shapes = [(256, 429, 256), (256, 256, 128), (32, 429, 128), (256, 845, 1024)]

    var all: [MicroCommand.Loop] {
        shapes.flatMap { rows, inputs, outputs in
            let operations = 2 * Double(rows) * Double(inputs) * Double(outputs)
            let size = "\(rows) rows, \(inputs) → \(outputs)"
            return [
                MicroCommand.Loop(name: "dense layer forward, \(size)", work: operations) {
                    Self.forward(rows, inputs, outputs)
                },
                MicroCommand.Loop(name: "gradient of its input, \(size)", work: operations) {
                    Self.inputGradient(rows, inputs, outputs)
                },
                MicroCommand.Loop(name: "gradient of its weights, \(size)", work: operations) {
                    Self.weightGradient(rows, inputs, outputs)
                },
            ]
        }
    }

    private static func forward(_ rows: Int, _ inputs: Int, _ outputs: Int) -> () -> Void {
        let weights = PackedMatrix(
            MicroCommand.random(inputs * outputs), bias: FloatBuffer(count: outputs), inputs: [0..<inputs],
            outputs: outputs)
        let (x, y) = (MicroCommand.random(rows * inputs), FloatBuffer(count: rows * outputs))
        return { weights.multiply(x.base, rows: rows, relu: true, into: y.base) }
    }

    private static func inputGradient(_ rows: Int, _ inputs: Int, _ outputs: Int) -> () -> Void {
        let weights = PackedMatrix(inputs: outputs, outputs: inputs)
        weights.packTransposed(MicroCommand.random(inputs * outputs).base, columns: 0..<inputs)
        let (g, dx) = (MicroCommand.random(rows * outputs), FloatBuffer(count: rows * inputs))
        return { weights.multiply(g.base, rows: rows, relu: false, into: dx.base) }
    }

    /// With the packing that it needs.
    private static func weightGradient(_ rows: Int, _ inputs: Int, _ outputs: Int) -> () -> Void {
        let pieces = PackedPieces(rows: rows, pieceRows: rows, outputs: outputs)
        let (x, g) = (MicroCommand.random(rows * inputs), MicroCommand.random(rows * outputs))
        let dw = FloatBuffer(count: inputs * outputs)
        return {
            pieces.pack(g.base, count: rows, piece: 0)
            pieces.product(x.base, stride: inputs, width: inputs, rows: rows, into: dw.base)
        }
    }
}
