import CTRKernels

/// What fields add to a dense layer's sums, worked out for each of their ids: a row's part of the product is looked up
/// instead of multiplied. A number's encoding is 1 up to the segment in which its value lies, so that its sum is the
/// id's, and so much of that segment's weights as the value is through it.
///
/// The sums are of the weights as they were when last written.
struct LookupSums: Sendable {
    let numbers: [NumberField]
    let embeddings: [EmbeddingField]
    /// Of each embedding, its table with its rows of the layer's weights.
    let products: [DenseProduct]
    private let tables: [FloatBuffer]
    private let sums: LookupTable
    private let weights: FloatBuffer
    private let bias: FloatBuffer

    init(_ layer: DenseLayer, _ choice: LookupChoice, _ plan: PlanDraft) {
        let (numbers, embeddings) = (
            choice.numberLookups.map { choice.fields.numbers[$0] },
            choice.embeddingLookups.map { choice.fields.embeddings[$0] }
        )
        let width = layer.output.width
        let weights = plan.weights(layer.weights)
        (self.numbers, self.embeddings, self.weights) = (numbers, embeddings, weights)
        bias = plan.weights(layer.bias)
        tables = embeddings.map { plan.weights($0.parameter) }
        products = embeddings.map { DenseProduct(weights, bias: nil, rows: [$0.inputs], outputs: width) }
        sums = LookupTable(
            numbers, embeddings, width: width,
            rowOfID: { plan.network.rowOfID(embeddings[$0].parameter).map { UnsafePointer($0.base) } },
            slopes: { weights.base + numbers[$0].offset * width })
        for index in numbers.indices { writeNumber(index) }
        for index in embeddings.indices { writeEmbedding(index) }
    }

    /// Works out a number's sums.
    func writeNumber(_ index: Int) {
        let (field, width) = (numbers[index], sums.width)
        guard let rows = sums.rows(index).baseAddress else { return }
        func add(_ source: UnsafePointer<Float>, to id: Int) {
            VectorLoops.chosen.pointee.add_scaled(source, 1, rows + id * width, width)
        }
        let weights = UnsafePointer(self.weights.base + field.offset * width)
        sums.rows(index).update(repeating: 0)
        for id in 0..<field.idCount {
            // The segments ascend, once for the modes and once for the bins: an id's sum goes on from the last one's.
            var segment = 0
            if id > 0, field.segment(of: id) >= field.segment(of: id - 1), field.indicator(of: id - 1) == nil {
                segment = field.segment(of: id - 1)
                add(rows + (id - 1) * width, to: id)
            }
            for input in segment..<field.segment(of: id) { add(weights + input * width, to: id) }
            if let indicator = field.indicator(of: id) { add(weights + indicator * width, to: id) }
        }
    }

    /// Works out an embedding's sums from its product's weights.
    func writeEmbedding(_ index: Int) {
        products[index].multiply(
            tables[index].base, rows: embeddings[index].rows, relu: false,
            into: sums.loops.base[numbers.count + index].sums)
    }

    /// `sums` = the layer's bias and what the fields add: rows × its outputs.
    func write(_ rows: TrainingRows, _ selection: vl_selection, into sums: UnsafeMutablePointer<Float>) {
        rows.withView {
            VectorLoops.chosen.pointee.lookup(
                $0, selection, self.sums.loops.base, self.sums.loops.count, bias.base, sums, self.sums.width)
        }
    }
}
