import CTRKernels

/// The features whose part of the first layer is looked up (`FoldedSums`), in training: the gradient of an id's sum is the
/// sum of the gradients of the rows that have the id, and from it come those of weights and embeddings, as many products
/// of rows as there are ids.
final class FoldedPass {
    let sums: FoldedSums
    /// Of the embeddings: the products of their tables with their part of the layer's weights.
    private let passes: [DensePass]
    /// The gradients of the sums.
    private let gradients: FoldedTable
    private let slopes: [FloatBuffer]
    private let width: Int

    /// Nil where nothing is folded.
    init?(_ network: WideDeep, _ division: InputDivision) {
        guard let sums = FoldedSums(network, division, using: .current), let layer = network.dense.first else {
            return nil
        }
        let width = layer.outputs
        self.sums = sums
        self.width = width
        let linear = DenseLayer(weights: layer.weights, bias: layer.bias, isHidden: false)
        passes = sums.embeddings.map {
            DensePass(linear, inputs: [$0.inputs], capacity: $0.table.rows, shardRows: $0.table.rows, hasBias: false)
        }
        let slopes = sums.numbers.map { FloatBuffer(count: $0.segments * width) }
        self.slopes = slopes
        gradients = FoldedTable(sums.numbers, sums.embeddings, width: width) { slopes[$0].base }
        for index in passes.indices { writeEmbedding(index) }
    }

    private func writeEmbedding(_ index: Int) {
        let table = sums.embeddings[index].table
        passes[index].forward(table.weights.base, output: sums.rows(ofEmbedding: index), rows: table.rows)
    }

    /// Sums up what a feature's ids get of a batch's gradients of the layer's sums. The numbers come first.
    func gather(
        _ feature: Int, _ rows: TrainingRows, _ selection: vl_selection, gradient: UnsafePointer<Float>
    ) {
        gradients.rows(feature).update(repeating: 0)
        if feature < slopes.count { slopes[feature].base.update(repeating: 0, count: slopes[feature].count) }
        rows.withView {
            VectorLoops.chosen.pointee.lookup_gradients(
                $0, selection, gradients.features.base + feature, 1, gradient, width)
        }
    }

    /// After `gather`: the gradient of the weights that a number's encoding is multiplied with, its width × outputs.
    func weightGradient(ofNumber index: Int, into result: UnsafeMutablePointer<Float>) {
        let layer = sums.numbers[index]
        func add(_ source: UnsafePointer<Float>, to input: Int) {
            VectorLoops.chosen.pointee.add_scaled(source, 1, result + input * width, width)
        }
        result.update(repeating: 0, count: layer.width * width)
        guard let rows = gradients.rows(index).baseAddress else { return }
        // A row is 1 in the inputs below its segment: the last of them first, then each hands on to the one below.
        for id in 0..<layer.idCount {
            let segment = layer.segment(of: id)
            if segment > 0 { add(rows + id * width, to: segment - 1) }
            if let indicator = layer.indicator(of: id) { add(rows + id * width, to: indicator) }
        }
        for input in stride(from: layer.segments - 2, through: 0, by: -1) {
            add(result + (input + 1) * width, to: input)
        }
        for input in 0..<layer.segments { add(slopes[index].base + input * width, to: input) }
    }

    /// After `gather`: the gradients of an embedding's weights in the layer, its width × outputs, and of its table.
    func gradients(
        ofEmbedding index: Int, weights: UnsafeMutablePointer<Float>, table: UnsafeMutablePointer<Float>
    ) {
        let (pass, embedding) = (passes[index], sums.embeddings[index].table)
        guard let rows = gradients.rows(sums.numbers.count + index).baseAddress else { return }
        pass.keepGradient(rows, rows: embedding.rows, shard: 0)
        pass.weightGradient(
            embedding.weights.base, inputs: 0..<embedding.width, rows: embedding.rows, into: weights)
        pass.inputGradient(rows, into: table, rows: embedding.rows)
    }

    /// Takes over an embedding's weights, its own and the layer's.
    func renewEmbedding(_ index: Int) {
        passes[index].pack(inputs: 0..<passes[index].inputs)
        writeEmbedding(index)
    }
}
