import CTRFeatures
import CTRKernels
import Glibc
import Testing

@testable import CTRNetwork

/// A network's gradients, as a step of training sums them up, beside central differences of the loss of its predictions.
struct GradientCheck {
    let network: Network
    private let made: MadeRows
    private let batch: IndexBuffer
    private let settings: TrainingPlan.Settings

    /// With dropout, the predictions are the step's own: each has the same units dropped.
    init(_ network: MadeNetwork, rows: Int, dropout: Double = 0) throws {
        self.network = try network.network()
        made = MadeRows(rows)
        batch = IndexBuffer(made.batch)
        // What moves no weight and keeps each gradient as the first moment.
        var adam = Adam(learningRate: 0)
        adam.beta1 = 0
        settings = TrainingPlan.Settings(
            batchSize: rows, dropout: dropout, seed: 1,
            optimizers: OptimizerSet(intercept: adam, linear: adam, deep: adam),
            averaging: Averaging(horizon: 10, warmUp: false), threads: 1)
    }

    /// Compares the logits and the weights' gradients.
    func run() throws {
        // Nothing of an earlier step is left in the second.
        let logits = try step(times: 2)
        if settings.dropout == 0 {
            let predictions = Self.predictions(network, made, batch)
            #expect(zip(logits, predictions).allSatisfy { abs($0 - $1) < 1e-5 })
        }
        let gradients = network.parameters.map(\.state1.array)
        let loss = try self.loss()
        for (index, (shape, block)) in network.blocks.enumerated() {
            // Tables and the intercept learn from a batch's sum, layers from its mean.
            let scale = shape.role.isTable || shape.role == .intercept ? 1 : 1 / Double(batch.count)
            let penalties = penalties(index)
            for weight in weights(of: shape) {
                let pointer = block.weights.base + weight
                let penalty = penalties[weight / shape.width] * Double(pointer.pointee)
                let gradient = (Double(gradients[index][weight]) - penalty) / scale
                // Where units come to ReLU's kink on the way, a smaller step may not take them there.
                let isThatOfTheLoss = try [1e-3, 2.5e-4].contains { step in
                    let (below, above) = try slopes(pointer, loss, step)
                    return abs(gradient - (below + above) / 2) < 2e-6 / step + abs(above - below)
                }
                #expect(isThatOfTheLoss, "\(shape.name)[\(weight)]: \(gradient)")
            }
        }
    }

    /// All of a small block; of a large one one of each row, and some others.
    private func weights(of shape: ParameterShape) -> [Int] {
        if shape.count <= 64 { return Array(0..<shape.count) }
        var random = RandomStream(seed: UInt64(batch.count), XXH64.hash(shape.name))
        return (0..<shape.rows).map { $0 * shape.width + random.nextIndex(below: shape.width) }
            + (0..<40).map { _ in random.nextIndex(below: shape.count) }
    }

    /// What holds a table of vectors: the share of a row's occurrences that the batch has.
    private func penalties(_ parameter: Int) -> [Double] {
        let shape = network.blueprint.parameters[parameter]
        guard shape.role.isEmbedding, let source = network.blueprint.sources[parameter]?.source else {
            return [Double](repeating: 0, count: shape.rows)
        }
        func occurrences(_ rows: some Sequence<Int32>) -> [Double] {
            rows.reduce(into: [Double](repeating: 0, count: shape.rows)) { counts, row in
                for id in made.rows.ids(source, row: Int(row)) {
                    counts[Int(network.rowOfID(parameter)?.base[Int(id)] ?? id)] += 1
                }
            }
        }
        return zip(occurrences(batch.array), occurrences(made.all)).map { $0 / max($1, 1) }
    }

    /// Of a loss that is this where the weight stands: the slopes on both sides.
    private func slopes(
        _ weight: UnsafeMutablePointer<Float>, _ loss: Double, _ step: Double
    ) throws -> (below: Double, above: Double) {
        let kept = weight.pointee
        defer { weight.pointee = kept }
        func slope(_ step: Float) throws -> Double {
            weight.pointee = kept + step
            return (try self.loss() - loss) / (Double(weight.pointee) - Double(kept))
        }
        return (try slope(Float(-step)), try slope(Float(step)))
    }

    /// Of the batch, in doubles.
    private func loss() throws -> Double {
        let logits = settings.dropout > 0 ? try step() : Self.predictions(network, made, batch)
        return zip(logits, batch.array).reduce(0) { sum, entry in
            let (logit, row) = (Double(entry.0), Int(entry.1))
            let loss = log1p(exp(-abs(logit))) + max(logit, 0) - logit * Double(made.targets.labels.base[row])
            return sum + Double(made.targets.weights.base[row]) * loss
        }
    }

    /// The logits of a step that changes no weight.
    private func step(times: Int = 1) throws -> [Float] {
        for block in network.parameters { block.startAverage() }
        let plan = try TrainingPlan(network, made.rows, made.targets, training: made.all, settings)
        let losses = FloatBuffer(count: batch.count)
        for _ in 0..<times {
            plan.run(UnsafeBufferPointer(start: batch.base, count: batch.count), step: 1, losses: losses.base)
        }
        return Array(UnsafeBufferPointer(start: plan.outputs, count: batch.count))
    }

    static func predictions(_ network: Network, _ made: MadeRows, _ batch: IndexBuffer) -> [Float] {
        let plan = PredictionPlan(network)
        let (memory, logits) = (FloatBuffer(count: plan.memory * batch.count), FloatBuffer(count: batch.count))
        plan.logits(
            made.rows, vl_selection(rows: batch.base, first: 0, count: batch.count), memory: memory.base,
            into: logits.base)
        return logits.array
    }
}
