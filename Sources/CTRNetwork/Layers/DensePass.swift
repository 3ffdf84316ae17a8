import CTRKernels

/// A dense layer in a plan. The weights are packed in the order in which products read them; a training's updates pack
/// them again.
final class DensePass: Pass {
    /// About so many rows of the weights make a piece of the update phase: enough to be worth a product of matrices, few
    /// enough for the threads to share.
    static let pieceRows = 256

    private let layer: DenseLayer
    private let product: DenseProduct
    /// What of the input is looked up instead of multiplied.
    private let lookup: LookupSums?
    private let shared: SharedColumns?
    private let training: DenseLearning?
    private let input: ArenaBlock
    private let output: ArenaBlock

    init(_ layer: DenseLayer, _ plan: PlanDraft) {
        self.layer = layer
        let choice = plan.lookup(of: layer)
        shared = SharedColumns(layer, plan)
        let weights = plan.weights(layer.weights)
        input = plan.input(of: layer)
        output = plan.block(layer.output)
        let product = DenseProduct(
            weights, bias: plan.weights(layer.bias), rows: choice?.runs ?? [0..<layer.input.width],
            outputs: layer.output.width)
        let lookup = choice.map { LookupSums(layer, $0, plan) }
        (self.product, self.lookup) = (product, lookup)
        training = plan.training.map { DenseLearning(layer, plan, product, lookup, $0) }
    }

    func forward(_ shard: Shard) {
        let to = shard.values(output)
        shared?.forward(shard)
        lookup?.write(shard.rows, shard.selection, into: to)
        product.multiply(
            shard.values(input), rows: shard.count, relu: layer.isHidden, adding: lookup != nil, into: to)
        if let training, layer.isHidden { training.dropOut(to, shard) }
    }

    func backward(_ shard: Shard) {
        training?.backward(
            shard, values: shard.values(output), gradient: shard.gradients(output), into: shard.gradients(input))
        shared?.backward(shard)
    }

    func addUpdates(to list: inout UpdateList) { training?.addUpdates(to: &list, input, output) }
}
