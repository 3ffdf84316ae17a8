import CTRKernels

/// Where a network's wide weights, embeddings and numbers lie, for the loops that read rows with them.
struct RowReader: Sendable {
    /// Keeps alive what the places below point at.
    private let network: WideDeep
    private let choice: WideDeep.Weights
    private let wide: Buffer<vl_wide>
    private let embeddings: Buffer<vl_embedding>
    private let numbers: Buffer<vl_number>
    private let inputWidth: Int

    /// `division`: the input is what of it is multiplied; nil: all of it.
    init(_ network: WideDeep, using choice: WideDeep.Weights, _ division: InputDivision? = nil) {
        let division = division ?? InputDivision(whole: network)
        self.network = network
        self.choice = choice
        wide = Buffer(network.wide.map { $0.place(choice) })
        embeddings = Buffer(
            division.embeddings.map { index, offset in
                var place = network.embeddings[index].place(choice)
                place.offset = offset
                return place
            })
        numbers = Buffer(
            division.numbers.map { index, offset in
                var place = network.numeric[index].place
                place.offset = offset
                return place
            })
        inputWidth = division.width
    }

    /// The bias and the wide part: one logit a row.
    func wideLogits(_ rows: TrainingRows, _ selection: vl_selection, into logits: UnsafeMutablePointer<Float>) {
        let bias = choice.of(network.bias).base[0]
        rows.withView { VectorLoops.chosen.pointee.wide($0, selection, wide.base, wide.count, bias, logits) }
    }

    /// The deep part's input: rows × its width.
    func deepInput(_ rows: TrainingRows, _ selection: vl_selection, into input: UnsafeMutablePointer<Float>) {
        rows.withView { view in
            VectorLoops.chosen.pointee.numbers(view, selection, numbers.base, numbers.count, input, inputWidth)
            VectorLoops.chosen.pointee.embeddings(
                view, selection, embeddings.base, embeddings.count, input, inputWidth)
        }
    }
}
