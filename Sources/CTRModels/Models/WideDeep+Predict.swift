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
        let widest = dense.map(\.outputs).max() ?? 0
        let input = FloatBuffer(count: inputWidth)
        let hidden = [FloatBuffer(count: widest), FloatBuffer(count: widest)]
        for place in range {
            let row = selection.map { Int($0.base[place]) } ?? place
            var logit = choice.of(bias).base[0]
            for layer in wide { logit += layer.logit(rows, row: row, weights: choice.of(layer.table)) }
            if !dense.isEmpty {
                for layer in numeric { layer.forward(rows, row: row, input: input.base) }
                for layer in embeddings {
                    layer.forward(rows, row: row, weights: choice.of(layer.table), input: input.base)
                }
                var from = input.base
                for (index, layer) in dense.enumerated() {
                    let to = hidden[index % 2].base
                    DenseKernels.denseRow(
                        from, inputs: layer.inputs, weights: choice.of(layer.weights).base,
                        bias: choice.of(layer.bias).base, into: to, outputs: layer.outputs)
                    if layer.isHidden { DenseKernels.relu(to, count: layer.outputs) }
                    from = to
                }
                logit += from[0]
            }
            output[place - range.lowerBound] = logit
        }
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
