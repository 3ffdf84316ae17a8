import CTRKernels
import CTRModels

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

    private static func pass(_ rows: Int, _ inputs: Int, _ outputs: Int) -> DensePass {
        let weights = Parameters(rows: inputs, width: outputs)
        weights.weights.assign(from: MicroCommand.random(inputs * outputs))
        let layer = DenseLayer(weights: weights, bias: Parameters(rows: 1, width: outputs), isHidden: true)
        return DensePass(layer, capacity: rows, shardRows: rows)
    }

    private static func forward(_ rows: Int, _ inputs: Int, _ outputs: Int) -> () -> Void {
        let pass = pass(rows, inputs, outputs)
        let (x, y) = (MicroCommand.random(rows * inputs), FloatBuffer(count: rows * outputs))
        return { pass.forward(x.base, output: y.base, rows: rows) }
    }

    private static func inputGradient(_ rows: Int, _ inputs: Int, _ outputs: Int) -> () -> Void {
        let pass = pass(rows, inputs, outputs)
        let (g, dx) = (MicroCommand.random(rows * outputs), FloatBuffer(count: rows * inputs))
        return { pass.inputGradient(g.base, into: dx.base, rows: rows) }
    }

    /// With the packing that it needs.
    private static func weightGradient(_ rows: Int, _ inputs: Int, _ outputs: Int) -> () -> Void {
        let pass = pass(rows, inputs, outputs)
        let (x, g) = (MicroCommand.random(rows * inputs), MicroCommand.random(rows * outputs))
        let dw = FloatBuffer(count: inputs * outputs)
        return {
            pass.keepGradient(g.base, rows: rows, shard: 0)
            pass.weightGradient(x.base, inputs: 0..<inputs, rows: rows, into: dw.base)
        }
    }
}
