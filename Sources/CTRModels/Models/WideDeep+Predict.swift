import CTRKernels

extension WideDeep {
    /// Which of the two sets of weights a prediction reads: the trained ones, or in training their average.
    package enum Weights: Sendable {
        case current
        case average
    }

    /// The logits of the rows `range` (of `selection`, where there is one), each computed by itself in a fixed order: it
    /// depends neither on the rows beside it nor on the number of threads.
    package func logits(
        _ rows: TrainingRows, range: Range<Int>, of selection: IndexBuffer? = nil, using choice: Weights = .current,
        into output: UnsafeMutablePointer<Float>
    ) {
        let workspace = RowWorkspace(self)
        for place in range {
            let row = selection.map { Int($0.base[place]) } ?? place
            var logit = choice.of(bias).base[0]
            for layer in wide { logit += layer.logit(rows, row: row, weights: choice.of(layer.table)) }
            if !dense.isEmpty { logit += deepLogit(rows, row: row, using: choice, in: workspace) }
            output[place - range.lowerBound] = logit
        }
    }

    /// The deep part's memory for one row after the other.
    package struct RowWorkspace {
        fileprivate let input: FloatBuffer
        fileprivate let hidden: [FloatBuffer]

        package init(_ network: WideDeep) {
            let widest = network.dense.map(\.outputs).max() ?? 0
            input = FloatBuffer(count: network.inputWidth)
            hidden = [FloatBuffer(count: widest), FloatBuffer(count: widest)]
        }
    }

    /// What the deep part adds to a row's logit, 0 where there is none.
    func deepLogit(_ rows: TrainingRows, row: Int) -> Float {
        dense.isEmpty ? 0 : deepLogit(rows, row: row, using: .current, in: RowWorkspace(self))
    }

    /// What the deep part adds to a row's logit. There must be a deep part.
    @inline(__always)
    func deepLogit(_ rows: TrainingRows, row: Int, using choice: Weights, in workspace: RowWorkspace) -> Float {
        let input = workspace.input.base
        for layer in numeric { layer.forward(rows, row: row, input: input) }
        for layer in embeddings { layer.forward(rows, row: row, weights: choice.of(layer.table), input: input) }
        var from = input
        for (index, layer) in dense.enumerated() {
            let to = workspace.hidden[index % 2].base
            DenseKernels.denseRow(
                from, inputs: layer.inputs, weights: choice.of(layer.weights).base,
                bias: choice.of(layer.bias).base, into: to, outputs: layer.outputs)
            if layer.isHidden { DenseKernels.relu(to, count: layer.outputs) }
            from = to
        }
        return from[0]
    }

    /// The click probabilities of the selected rows, or of all.
    package func probabilities(
        _ rows: TrainingRows, of selection: IndexBuffer? = nil, using choice: Weights = .current, threads: Int
    ) -> [Double] {
        let count = selection?.count ?? rows.rowCount
        let logits = FloatBuffer(count: count)
        let chunk = 256
        ThreadPool.shared.run(tasks: (count + chunk - 1) / chunk, threads: threads) { index in
            let start = index * chunk
            self.logits(
                rows, range: start..<min(start + chunk, count), of: selection, using: choice, into: logits.base + start)
        }
        return (0..<count).map { DenseKernels.probability(logits.base[$0]) }
    }
}

extension WideDeep.Weights {
    func of(_ block: Parameters) -> FloatBuffer { self == .current ? block.weights : block.average }
}
