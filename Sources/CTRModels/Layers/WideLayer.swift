import CTRFeatures
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

    /// What a row's value adds to the logit.
    package func logit(_ rows: TrainingRows, row: Int) -> Float {
        var logit: Float = 0
        var layer = place(.current)
        rows.withView { view in
            VectorLoops.chosen.pointee.wide(view, vl_selection(rows: nil, first: row, count: 1), &layer, 1, 0, &logit)
        }
        return logit
    }

    /// Where the loops find its weights and ids.
    func place(_ choice: WideDeep.Weights) -> vl_wide {
        vl_wide(weights: choice.of(table).base, slot: source.slot, list: source.list)
    }
}
