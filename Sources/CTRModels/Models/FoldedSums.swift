import CTRKernels

/// What features add to the first layer's sums, worked out for each of their ids: a row's part of the product is looked up
/// instead of multiplied. A number's encoding is 1 up to the segment in which its value lies, so that its sum is the
/// id's, and so much of that segment's weights as the value is through it.
///
/// The sums are of the weights as they were when last written.
struct FoldedSums: Sendable {
    let numbers: [PiecewiseLinearLayer]
    let embeddings: [EmbeddingLayer]
    private let table: FoldedTable
    private let weights: FloatBuffer
    private let bias: FloatBuffer

    /// Nil where nothing is folded.
    init?(_ network: WideDeep, _ division: InputDivision, using choice: WideDeep.Weights) {
        guard let layer = network.dense.first, !division.isWhole else { return nil }
        numbers = division.foldedNumbers.map { network.numeric[$0] }
        embeddings = division.foldedEmbeddings.map { network.embeddings[$0] }
        (weights, bias) = (choice.of(layer.weights), choice.of(layer.bias))
        table = FoldedTable(numbers, embeddings, width: layer.outputs) { [numbers, weights] in
            weights.base + numbers[$0].offset * layer.outputs
        }
        for index in numbers.indices { writeNumber(index) }
    }

    /// Works out a number's sums.
    func writeNumber(_ index: Int) {
        let (layer, width) = (numbers[index], table.width)
        guard let rows = table.rows(index).baseAddress else { return }
        func add(_ source: UnsafePointer<Float>, to id: Int) {
            VectorLoops.chosen.pointee.add_scaled(source, 1, rows + id * width, width)
        }
        let weights = UnsafePointer(self.weights.base + layer.offset * width)
        table.rows(index).update(repeating: 0)
        for id in 0..<layer.idCount {
            // The segments ascend, once for the modes and once for the bins: an id's sum goes on from the last one's.
            var segment = 0
            if id > 0, layer.segment(of: id) >= layer.segment(of: id - 1), layer.indicator(of: id - 1) == nil {
                segment = layer.segment(of: id - 1)
                add(rows + (id - 1) * width, to: id)
            }
            for input in segment..<layer.segment(of: id) { add(weights + input * width, to: id) }
            if let indicator = layer.indicator(of: id) { add(weights + indicator * width, to: id) }
        }
    }

    /// The place of an embedding's sums, for whoever works them out: its rows × the layer's outputs.
    func rows(ofEmbedding index: Int) -> UnsafeMutablePointer<Float> {
        table.features.base[numbers.count + index].sums
    }

    /// `sums` = the layer's bias and what the features add: rows × its outputs.
    func write(_ rows: TrainingRows, _ selection: vl_selection, into sums: UnsafeMutablePointer<Float>) {
        rows.withView {
            VectorLoops.chosen.pointee.lookup(
                $0, selection, table.features.base, table.features.count, bias.base, sums, table.width)
        }
    }
}
