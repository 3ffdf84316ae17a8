import CTRKernels

/// One feature or cross of the wide part: a weight for each id. The values of a multi-valued feature are averaged.
///
/// y = Σ over ids of w[id] / (number of ids)      (Cheng et al., 2016, the linear model of section 3.1)
package struct WideLayer: Sendable {
    package var name: String
    package var source: IDSource
    /// rows × 1
    package var table: Parameters
    package var isCross: Bool

    package init(name: String, source: IDSource, table: Parameters, isCross: Bool = false) {
        self.name = name
        self.source = source
        self.table = table
        self.isCross = isCross
    }

    package func logit(_ rows: TrainingRows, row: Int, weights: FloatBuffer) -> Float {
        let ids = rows.ids(source, row: row)
        if ids.count == 1 { return weights.base[Int(ids[0])] }
        if ids.isEmpty { return 0 }
        var sum: Float = 0
        for id in ids { sum += weights.base[Int(id)] }
        return sum / Float(ids.count)
    }

    package func backward(
        _ rows: TrainingRows, batch: UnsafeBufferPointer<Int32>, logitGradient: UnsafePointer<Float>,
        into gradient: SparseGradient
    ) {
        for (place, row) in batch.enumerated() {
            let ids = rows.ids(source, row: Int(row))
            if ids.isEmpty { continue }
            let scale = 1 / Float(ids.count)
            for id in ids { gradient.add(logitGradient + place, scale: scale, row: id) }
        }
    }
}
