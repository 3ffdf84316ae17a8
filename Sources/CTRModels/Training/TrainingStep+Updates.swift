import CTRFeatures
import CTRKernels

/// The second phase of a step: every optimiser's update, in pieces that write to weights of their own.
extension TrainingStep {
    /// A piece of the update phase, small enough to share out among threads.
    enum Update {
        case bias
        /// An embedding by its place among those that are multiplied.
        case sparse(wide: Int?, embedding: Int?)
        case dense(layer: Int, inputs: Range<Int>)
        case foldedNumber(Int)
        case foldedEmbedding(Int, wide: Int?)
    }

    /// The largest come first, so that no thread is left with one at the end.
    static func updates(of model: WideDeep, _ workspace: BatchWorkspace) -> [Update] {
        var updates: [Update] = []
        for (index, pass) in workspace.dense.enumerated() {
            let pieces = max(1, (pass.inputs + BatchWorkspace.gradientRows / 2) / BatchWorkspace.gradientRows)
            for piece in 0..<pieces {
                let inputs = (piece * pass.inputs / pieces)..<((piece + 1) * pass.inputs / pieces)
                updates.append(.dense(layer: index, inputs: inputs))
            }
        }
        // A feature whose weights and embeddings have the same rows finds those that a batch touches once.
        var left = Dictionary(
            model.wide.enumerated().map { ($1.source, $0) }, uniquingKeysWith: { first, _ in first })
        func shared(_ layer: EmbeddingLayer) -> Int? {
            layer.rowOfID == nil ? left.removeValue(forKey: layer.source) : nil
        }
        let division = workspace.division
        for (place, entry) in division.embeddings.enumerated() {
            updates.append(.sparse(wide: shared(model.embeddings[entry.index]), embedding: place))
        }
        updates += division.foldedNumbers.indices.map { .foldedNumber($0) }
        for (place, index) in division.foldedEmbeddings.enumerated() {
            updates.append(.foldedEmbedding(place, wide: shared(model.embeddings[index])))
        }
        updates += left.values.sorted().map { .sparse(wide: $0, embedding: nil) }
        return updates + [.bias]
    }

    /// The embeddings' L2 penalty on the summed loss, spread over a row's occurrences, so that rare and frequent ids
    /// are held by the same prior.
    static let embeddingPenalty: Float = 1

    func apply(_ update: Update, _ worker: Int) {
        switch update {
        case .bias: applyBias()
        case .sparse(let wide, let embedding): applySparse(wide, embedding, workspace.touched[worker])
        case .dense(let index, let inputs): applyDense(index, inputs, worker)
        case .foldedNumber(let index): applyFoldedNumber(index, worker)
        case .foldedEmbedding(let index, let wide): applyFoldedEmbedding(index, wide, worker)
        }
    }

    private func applyBias() {
        var sum: Float = 0
        for place in 0..<job.batch.count { sum += workspace.logitGradient.base[place] }
        model.bias.update(rows: 0..<1, gradient: &sum, scale: 1, job.bias, averaging: averaging)
    }

    private func applySparse(_ wide: Int?, _ embedding: Int?, _ touched: TouchedRows) {
        if let embedding {
            let (index, offset) = workspace.division.embeddings[embedding]
            gather(model.embeddings[index], touched)
            apply(
                index, touched, gradients: workspace.inputGradient.base + offset, stride: workspace.division.width,
                areSummed: false)
        }
        if let wide {
            let layer = model.wide[wide]
            if embedding == nil {
                touched.gather(
                    set.rows, batch: job.batch, source: layer.source, rowOfID: nil, tableRows: layer.table.rows)
            }
            apply(layer, frequencies.wide[wide]?.base, touched)
        }
    }

    private func gather(_ layer: EmbeddingLayer, _ touched: TouchedRows) {
        touched.gather(
            set.rows, batch: job.batch, source: layer.source, rowOfID: layer.rowOfID, tableRows: layer.table.rows)
    }

    private func apply(_ layer: WideLayer, _ frequency: UnsafeMutablePointer<Int32>?, _ touched: TouchedRows) {
        let isFTRL = job.wide.kind == Int32(VL_FTRL)
        touched.update(
            layer.table, job.wide, averaging: averaging, gradients: workspace.logitGradient.base, stride: 1
        ) { row, _ in
            isFTRL ? frequency.map { FTRL.held(frequency: $0[row]) } ?? 1 : 0
        }
    }

    private func apply(
        _ embedding: Int, _ touched: TouchedRows, gradients: UnsafePointer<Float>, stride: Int, areSummed: Bool
    ) {
        let frequency = frequencies.embeddings[embedding].base
        touched.update(
            model.embeddings[embedding].table, job.deep, averaging: averaging, gradients: gradients, stride: stride,
            areSummed: areSummed
        ) { row, places in
            Self.embeddingPenalty * Float(places) / Float(max(frequency[row], 1))
        }
    }

    private func applyDense(_ index: Int, _ inputs: Range<Int>, _ worker: Int) {
        let pass = workspace.dense[index]
        let layer = pass.layer
        let gradient = workspace.weightGradients[worker].base
        let input = index > 0 ? workspace.activations[index - 1].base : workspace.input.base
        pass.weightGradient(input, inputs: inputs, rows: job.batch.count, into: gradient)
        pass.forEachRun(of: inputs) { run, rows in
            apply(layer.weights, rows: rows, gradient + (run.lowerBound - inputs.lowerBound) * layer.outputs)
        }
        if inputs.lowerBound == 0 {
            let upstream = workspace.activationGradients[index].base
            DenseKernels.columnSums(upstream, into: gradient, rows: job.batch.count, width: layer.outputs)
            apply(layer.bias, rows: 0..<1, gradient)
        }
        pass.pack(inputs: inputs)
    }

    private func applyFoldedNumber(_ index: Int, _ worker: Int) {
        guard let folded = workspace.folded, let first = model.dense.first else { return }
        gather(folded, index)
        let gradient = workspace.weightGradients[worker].base
        folded.weightGradient(ofNumber: index, into: gradient)
        apply(first.weights, rows: folded.sums.numbers[index].inputs, gradient)
        folded.sums.writeNumber(index)
    }

    private func applyFoldedEmbedding(_ place: Int, _ wide: Int?, _ worker: Int) {
        guard let folded = workspace.folded, let first = model.dense.first else { return }
        gather(folded, folded.sums.numbers.count + place)
        let (index, touched) = (workspace.division.foldedEmbeddings[place], workspace.touched[worker])
        let layer = model.embeddings[index]
        let (gradient, table) = (workspace.weightGradients[worker].base, workspace.tableGradients[worker].base)
        folded.gradients(ofEmbedding: place, weights: gradient, table: table)
        gather(layer, touched)
        apply(index, touched, gradients: table, stride: layer.table.width, areSummed: true)
        apply(first.weights, rows: layer.inputs, gradient)
        if let wide { apply(model.wide[wide], frequencies.wide[wide]?.base, touched) }
        folded.renewEmbedding(place)
    }

    private func gather(_ folded: FoldedPass, _ feature: Int) {
        let selection = vl_selection(rows: job.batch.baseAddress, first: 0, count: job.batch.count)
        folded.gather(feature, set.rows, selection, gradient: workspace.activationGradients[0].base)
    }

    /// A step on weights of a layer, of which the gradient is the batch's mean.
    private func apply(_ weights: Parameters, rows: Range<Int>, _ gradient: UnsafePointer<Float>) {
        weights.update(
            rows: rows, gradient: gradient, scale: 1 / Float(job.batch.count), job.deep, averaging: averaging)
    }
}
