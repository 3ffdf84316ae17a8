import CTRKernels

extension WideDeep {
    /// Which of the two sets of weights a prediction reads: the trained ones, or in training their average.
    package enum Weights: Sendable {
        case current
        case average
    }

    /// The logits of the rows `range` (of `selection`, where there is one).
    package func logits(
        _ rows: TrainingRows, range: Range<Int>, of selection: IndexBuffer? = nil, using choice: Weights = .current,
        into output: UnsafeMutablePointer<Float>
    ) throws(CTRError) {
        try Ensemble([self], using: choice).logits(rows, range: range, of: selection, into: output)
    }
}

extension WideDeep.Weights {
    func of(_ block: Parameters) -> FloatBuffer { self == .current ? block.weights : block.average }
}
