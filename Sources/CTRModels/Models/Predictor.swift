import CTRKernels

/// A network made ready to predict: its tables where they are, its dense layers packed, what few-valued features add to
/// the first layer worked out. Any number of threads may use it at once; it allocates nothing.
final class Predictor: Sendable {
    private let reader: RowReader
    /// Nil where the first layer is a product alone.
    private let folded: FoldedSums?
    private let layers: [(matrix: PackedMatrix, isHidden: Bool)]
    private let inputWidth: Int
    private let widest: Int

    init(_ network: WideDeep, using choice: WideDeep.Weights = .current) {
        let division = InputDivision(network)
        reader = RowReader(network, using: choice, division)
        inputWidth = division.width
        layers = network.dense.enumerated().map { index, layer in
            let matrix = PackedMatrix(
                choice.of(layer.weights), bias: choice.of(layer.bias),
                inputs: index == 0 ? division.inputs : [0..<layer.inputs], outputs: layer.outputs)
            return (matrix, layer.isHidden)
        }
        folded = FoldedSums(network, division, using: choice)
        if let folded, let first = network.dense.first {
            for (index, layer) in folded.embeddings.enumerated() {
                let matrix = PackedMatrix(
                    choice.of(first.weights), bias: nil, inputs: [layer.inputs], outputs: first.outputs)
                matrix.multiply(
                    choice.of(layer.table).base, rows: layer.table.rows, relu: false,
                    into: folded.rows(ofEmbedding: index))
            }
        }
        widest = layers.map(\.matrix.outputs).max() ?? 0
    }

    /// The floats of memory that a block of so many rows needs.
    func memory(rows: Int) -> Int { layers.isEmpty ? 0 : rows * (inputWidth + 2 * widest) }

    /// The logits of the selected rows, each computed by itself in a fixed order: it depends neither on the rows beside
    /// it nor on the number of threads.
    func logits(
        _ rows: TrainingRows, _ selection: vl_selection, memory: UnsafeMutablePointer<Float>,
        into logits: UnsafeMutablePointer<Float>
    ) {
        reader.wideLogits(rows, selection, into: logits)
        guard let deep = deepLogits(rows, selection, memory: memory) else { return }
        for place in 0..<selection.count { logits[place] += deep[place] }
    }

    /// What the deep part adds; nil where there is none.
    func deepLogits(
        _ rows: TrainingRows, _ selection: vl_selection, memory: UnsafeMutablePointer<Float>
    ) -> UnsafePointer<Float>? {
        if layers.isEmpty { return nil }
        let count = selection.count
        reader.deepInput(rows, selection, into: memory)
        var (from, to) = (memory, memory + count * inputWidth)
        var next = to + count * widest
        for (index, layer) in layers.enumerated() {
            let sums = index == 0 ? folded : nil
            sums?.write(rows, selection, into: to)
            layer.matrix.multiply(from, rows: count, relu: layer.isHidden, adding: sums != nil, into: to)
            (from, to, next) = (to, next, to)
        }
        return UnsafePointer(from)
    }
}
