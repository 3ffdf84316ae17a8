import CTRFeatures
import CTRKernels
import Testing

@testable import CTRModels

/// Every layer's gradient against central finite differences of a loss L = Σ c·output with random c.
@Suite struct LayerGradientTests {
    static func random(_ count: Int, _ seed: UInt64) -> FloatBuffer {
        var stream = RandomStream(seed: seed)
        return FloatBuffer((0..<count).map { _ in stream.nextFloat() * 2 - 1 })
    }

    /// (L(w + h) - L(w - h)) / 2h
    private static func difference(
        _ weight: UnsafeMutablePointer<Float>, step: Float = 1e-2, _ loss: () -> Double
    ) -> Double {
        let kept = weight.pointee
        weight.pointee = kept + step
        let above = loss()
        weight.pointee = kept - step
        let below = loss()
        weight.pointee = kept
        return (above - below) / Double(2 * step)
    }

    private static func dot(_ a: FloatBuffer, _ b: FloatBuffer) -> Double {
        (0..<a.count).reduce(0) { $0 + Double(a.base[$1]) * Double(b.base[$1]) }
    }

    private static func rows() -> TrainingRows {
        var encoded = EncodedRows()
        encoded.rowCount = 4
        encoded.slotCount = 2
        encoded.ids = IndexBuffer([2, 0, 3, 1, 2, 2, 4, 0])
        encoded.fractionCount = 0
        encoded.lists = [EncodedList(offsets: [0, 2, 2, 3, 6], ids: [2, 3, 4, 2, 2, 5])]
        return TrainingRows(encoded)
    }

    /// The gradient of a table, as the update of the rows that a batch touches sums it up: Adam whose first moment is the
    /// gradient, and whose rate is 0.
    static func tableGradient(
        _ table: Parameters, _ source: IDSource, rowOfID: IndexBuffer? = nil, rows: TrainingRows, batch: [Int32],
        upstream: UnsafePointer<Float>, stride: Int
    ) -> [Float] {
        let learning = Parameters(rows: table.rows, width: table.width)
        learning.startAverage()
        var averaging = Averaging(horizon: 10, warmUp: false)
        averaging.beginStep()
        var settings = vl_optimizer()
        (settings.kind, settings.mean_correction, settings.square_correction) = (Int32(VL_ADAM), 1, 1)
        (settings.epsilon, settings.now) = (1, 1)
        let touched = TouchedRows()
        batch.withUnsafeBufferPointer {
            touched.gather(rows, batch: $0, source: source, rowOfID: rowOfID, tableRows: table.rows)
        }
        touched.update(learning, settings, averaging: averaging, gradients: upstream, stride: stride) { _, _ in 0 }
        return learning.state1.array
    }

    @Test(arguments: [true, false]) func dense(isHidden: Bool) {
        let (rows, inputs, outputs) = (5, 7, 4)
        let weights = Parameters(rows: inputs, width: outputs)
        weights.weights.assign(from: Self.random(inputs * outputs, 1))
        let bias = Parameters(rows: 1, width: outputs)
        bias.weights.assign(from: Self.random(outputs, 2))
        let pass = DensePass(
            DenseLayer(weights: weights, bias: bias, isHidden: isHidden), capacity: rows, shardRows: 2)
        let input = Self.random(rows * inputs, 3)
        let upstream = Self.random(rows * outputs, 4)
        let output = FloatBuffer(count: rows * outputs)
        let loss = {
            pass.pack(inputs: 0..<inputs)
            pass.forward(input.base, output: output.base, rows: rows)
            return Self.dot(output, upstream)
        }
        _ = loss()
        let gradient = upstream.copy()
        if isHidden { DenseKernels.maskGradient(gradient.base, where: output.base, scale: 1, count: output.count) }
        let inputGradient = FloatBuffer(count: input.count)
        pass.inputGradient(gradient.base, into: inputGradient.base, rows: rows)
        for (shard, first) in stride(from: 0, to: rows, by: 2).enumerated() {
            pass.keepGradient(gradient.base + first * outputs, rows: min(2, rows - first), shard: shard)
        }
        let weightGradient = FloatBuffer(count: inputs * outputs)
        for part in [0..<3, 3..<inputs] {
            pass.weightGradient(
                input.base, inputs: part, rows: rows, into: weightGradient.base + part.lowerBound * outputs)
        }
        let biasGradient = FloatBuffer(count: outputs)
        DenseKernels.columnSums(gradient.base, into: biasGradient.base, rows: rows, width: outputs)
        for (values, gradients) in [
            (weights.weights, weightGradient), (bias.weights, biasGradient), (input, inputGradient),
        ] {
            for index in 0..<values.count {
                // A step small enough that no unit crosses ReLU's kink for this seed.
                let expected = Self.difference(values.base + index, step: 1e-3, loss)
                #expect(abs(expected - Double(gradients.base[index])) < 5e-3)
            }
        }
    }

    @Test(arguments: [IDSource.slot(0), .list(0)]) func wide(source: IDSource) {
        let rows = Self.rows()
        let table = Parameters(rows: 6, width: 1)
        table.weights.assign(from: Self.random(6, 5))
        let layer = WideLayer(name: "f", source: source, table: table)
        let upstream = Self.random(4, 6)
        let batch: [Int32] = [3, 0, 2, 1]
        let gradient = Self.tableGradient(
            table, source, rows: rows, batch: batch, upstream: upstream.base, stride: 1)
        let loss = {
            batch.enumerated().reduce(0.0) { sum, entry in
                sum + Double(upstream.base[entry.offset]) * Double(layer.logit(rows, row: Int(entry.element)))
            }
        }
        for id in 0..<6 {
            #expect(abs(Self.difference(table.weights.base + id, loss) - Double(gradient[id])) < 1e-3)
        }
    }

    @Test(arguments: [IDSource.slot(1), .list(0)]) func embedding(source: IDSource) {
        let (width, inputWidth, offset) = (3, 8, 4)
        let rows = Self.rows()
        let table = Parameters(rows: 6, width: width)
        table.weights.assign(from: Self.random(6 * width, 7))
        var network = WideDeep(embeddings: [EmbeddingLayer(name: "f", source: source, table: table, offset: offset)])
        network.inputWidth = inputWidth
        let reader = RowReader(network, using: .current)
        let upstream = Self.random(4 * inputWidth, 8)
        let batch: [Int32] = [1, 3, 0, 2]
        let gradient = Self.tableGradient(
            table, source, rows: rows, batch: batch, upstream: upstream.base + offset, stride: inputWidth)
        let loss = {
            let input = FloatBuffer(count: 4 * inputWidth)
            batch.withUnsafeBufferPointer { places in
                reader.deepInput(
                    rows, vl_selection(rows: places.baseAddress, first: 0, count: 4), into: input.base)
            }
            return Self.dot(input, upstream)
        }
        for index in 0..<(6 * width) {
            #expect(abs(Self.difference(table.weights.base + index, loss) - Double(gradient[index])) < 1e-3)
        }
    }

    @Test func logLoss() {
        for logit in stride(from: Float(-6), through: 6, by: 0.5) {
            for label in [Float(0), 1] {
                let gradient = Double(DenseKernels.sigmoid(logit) - label)
                let step: Float = 1e-2
                let difference =
                    (Double(LogLoss.loss(logit: logit + step, label: label))
                        - Double(LogLoss.loss(logit: logit - step, label: label))) / Double(2 * step)
                #expect(abs(gradient - difference) < 1e-3)
            }
        }
        #expect(LogLoss.loss(logit: 1000, label: 0) == 1000)
        #expect(LogLoss.loss(logit: -1000, label: 1) == 1000)
    }

    @Test func dropoutKeepsTheMeanAndItsGradientFollowsTheMask() {
        let count = 100_000
        let values = FloatBuffer([Float](repeating: 1, count: count))
        var stream = RandomStream(seed: 9)
        DenseKernels.dropout(values.base, count: count, rate: 0.25, random: &stream)
        let mean = (0..<count).reduce(0) { $0 + Double(values.base[$1]) } / Double(count)
        #expect(abs(mean - 1) < 0.01)
        let gradient = FloatBuffer([Float](repeating: 1, count: count))
        DenseKernels.maskGradient(gradient.base, where: values.base, scale: 1 / 0.75, count: count)
        for index in 0..<count { #expect(gradient.base[index] == values.base[index]) }
    }
}
