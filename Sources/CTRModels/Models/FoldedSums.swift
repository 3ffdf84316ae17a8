import CTRKernels

/// What features add to the first layer's sums, worked out beforehand for each of their ids: a row's part of the product
/// is looked up instead of multiplied. A number's encoding is 1 up to the segment in which its value lies, so that its
/// sum is the id's and so much of that segment's weights as the value is through it.
struct FoldedSums: Sendable {
    /// Of the layer.
    private let bias: FloatBuffer
    private let weights: FloatBuffer
    private let features: Buffer<vl_folded>
    /// They hold what `features` points at.
    private let sums: FloatBuffer
    private let division: InputDivision

    init(_ division: InputDivision, _ layer: DenseLayer, using choice: WideDeep.Weights) {
        let width = layer.outputs
        let weights = choice.of(layer.weights)
        let rows =
            division.foldedNumbers.reduce(0) { $0 + $1.idCount }
            + division.foldedEmbeddings.reduce(0) { $0 + $1.table.rows }
        let sums = FloatBuffer(count: rows * width)
        var next = sums.base
        func add(input: Int, times factor: Float = 1, to sum: UnsafeMutablePointer<Float>) {
            VectorLoops.chosen.pointee.add_scaled(weights.base + input * width, factor, sum, width)
        }
        var features: [vl_folded] = []
        for layer in division.foldedNumbers {
            // The segments ascend, once for the modes and once for the bins.
            var (below, segment) = (FloatBuffer(count: width), 0)
            for id in 0..<layer.idCount {
                if layer.segment(of: id) < segment { (below, segment) = (FloatBuffer(count: width), 0) }
                while segment < layer.segment(of: id) {
                    add(input: layer.offset + segment, to: below.base)
                    segment += 1
                }
                let sum = next + id * width
                sum.update(from: below.base, count: width)
                if let indicator = layer.indicator(of: id) { add(input: layer.offset + indicator, to: sum) }
            }
            let place = layer.place
            features.append(
                vl_folded(
                    sums: next, row_of_id: nil, slopes: weights.base + layer.offset * width,
                    slope_of_id: place.segment_of_id, slot: place.slot, fraction: place.fraction))
            next += layer.idCount * width
        }
        for layer in division.foldedEmbeddings {
            let place = layer.place(choice)
            for row in 0..<layer.table.rows {
                for input in 0..<place.width {
                    add(
                        input: layer.offset + input, times: place.table[row * place.width + input],
                        to: next + row * width)
                }
            }
            features.append(
                vl_folded(
                    sums: next, row_of_id: place.row_of_id, slopes: nil, slope_of_id: nil, slot: place.slot,
                    fraction: 0))
            next += layer.table.rows * width
        }
        (self.features, self.sums, self.division, self.weights) = (Buffer(features), sums, division, weights)
        bias = choice.of(layer.bias)
    }

    /// `sums` = the layer's bias and what the features add: rows × `width`.
    func write(
        _ rows: TrainingRows, _ selection: vl_selection, into sums: UnsafeMutablePointer<Float>, width: Int
    ) {
        rows.withView {
            VectorLoops.chosen.pointee.folded($0, selection, features.base, features.count, bias.base, sums, width)
        }
    }
}
