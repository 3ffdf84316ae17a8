import CTRKernels

/// A dense layer's way back in training, and its updates.
final class DenseLearning: Sendable {
    private let layer: DenseLayer
    private let weights: Parameter
    private let bias: Parameter
    private let rateShare: Float
    private let product: DenseProduct
    private let lookup: LookupLearning?
    private let back: BackProduct
    private let shape: BatchShape
    private let wantsInputGradient: Bool
    private let addsInputGradient: Bool

    init(
        _ layer: DenseLayer, _ plan: PlanDraft, _ product: DenseProduct, _ lookup: LookupSums?, _ shape: BatchShape
    ) {
        self.layer = layer
        self.product = product
        self.shape = shape
        let weights = plan.network.parameters[layer.weights]
        self.weights = weights
        let rateShare = plan.network.blueprint.parameters[layer.weights].rateShare
        self.rateShare = rateShare
        bias = plan.network.parameters[layer.bias]
        self.lookup = lookup.map { LookupLearning($0, plan, weights: weights, rateShare: rateShare) }
        let learning = plan.learning(layer)
        wantsInputGradient = learning.map { !$0.isEmpty } ?? true
        addsInputGradient = plan.lookup(of: layer)?.isShared != true && plan.addsGradient(layer.input)
        back = BackProduct(
            product, learning: learning, capacity: shape.capacity, shardRows: shape.rowsPerShard)
    }

    /// Of the layer's output.
    func dropOut(_ values: UnsafeMutablePointer<Float>, _ shard: Shard) {
        guard shape.dropout > 0 else { return }
        let width = layer.output.width
        // The stream is that of a block of rows, which a shard may be a part of.
        let (block, rowsBefore) = shard.start.quotientAndRemainder(dividingBy: shape.rowsPerStream)
        var random = RandomStream(
            seed: shape.seed, UInt64(truncatingIfNeeded: shard.step), UInt64(truncatingIfNeeded: block),
            UInt64(truncatingIfNeeded: layer.number))
        random.skip(rowsBefore * width / DenseKernels.dropoutDraws)
        DenseKernels.dropout(values, count: shard.count * width, rate: Float(shape.dropout), random: &random)
    }

    /// Leaves in `gradient` that of the output before its activation, and packed.
    func backward(
        _ shard: Shard, values: UnsafePointer<Float>, gradient: UnsafeMutablePointer<Float>,
        into inputGradient: UnsafeMutablePointer<Float>
    ) {
        if layer.isHidden {
            DenseKernels.maskGradient(
                gradient, where: values, scale: Float(1 / (1 - shape.dropout)),
                count: shard.count * layer.output.width)
        }
        back.keep(gradient, rows: shard.count, shard: shard.index)
        if wantsInputGradient {
            back.inputGradient(gradient, adds: addsInputGradient, into: inputGradient, rows: shard.count)
        }
    }

    func addUpdates(to list: inout UpdateList, _ input: ArenaBlock, _ output: ArenaBlock) {
        let pieces = max(1, (product.inputs + DensePass.pieceRows / 2) / DensePass.pieceRows)
        let floats = max(min(layer.input.width, 2 * DensePass.pieceRows), 1) * layer.output.width
        for piece in 0..<pieces {
            let inputs = (piece * product.inputs / pieces)..<((piece + 1) * product.inputs / pieces)
            list.add(.product, floats: floats) { [self] step, memory in
                update(inputs, step, memory, step.values(input), step.gradients(output))
            }
        }
        lookup?.addUpdates(to: &list, output)
    }

    private func update(
        _ inputs: Range<Int>, _ step: BatchStep, _ memory: UpdateMemory, _ input: UnsafePointer<Float>,
        _ upstream: UnsafePointer<Float>
    ) {
        let gradient = memory.gradient.base
        let outputs = product.outputs
        back.weightGradient(input, inputs: inputs, rows: step.count, into: gradient)
        product.forEachRun(of: inputs) { run, rows in
            step.update(
                weights, rows: rows, sum: gradient + (run.lowerBound - inputs.lowerBound) * outputs,
                rateShare: rateShare)
        }
        if inputs.lowerBound == 0 {
            DenseKernels.columnSums(upstream, into: gradient, rows: step.count, width: outputs)
            step.update(bias, rows: 0..<1, sum: gradient)
        }
        product.pack(inputs: inputs)
        back.pack(inputs: inputs)
    }
}
