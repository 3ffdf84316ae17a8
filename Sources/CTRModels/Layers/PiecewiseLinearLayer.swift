import CTRFeatures

/// A numeric feature as the deep part reads it: the piecewise-linear encoding (Gorishniy et al., 2022, equation 1) of
/// the value within its column's bins, then one indicator a mode, then one for a missing value. Nothing to learn.
///
/// Segment t is 1 where the value lies above it, 0 below it, and in between how far through it the value is.
package struct PiecewiseLinearLayer: Sendable {
    package var slot: Int
    package var fraction: Int
    package var offset: Int
    package let width: Int
    private let segments: Int
    private let modes: Int
    /// For each id the segment in which the encoding stops; -1 for none.
    private let segmentOfID: [Int32]

    package init(bins: NumericBins, slot: Int, fraction: Int, offset: Int) {
        self.slot = slot
        self.fraction = fraction
        self.offset = offset
        width = bins.width
        segments = bins.segments
        modes = bins.modes.count
        segmentOfID = (0..<bins.idCount).map { Int32(bins.segment(of: Int32($0)) ?? -1) }
    }

    package func forward(_ rows: TrainingRows, row: Int, input: UnsafeMutablePointer<Float>) {
        let output = input + offset
        let id = Int(rows.ids.base[row * rows.slotCount + slot])
        for column in 0..<width { output[column] = 0 }
        let segment = Int(segmentOfID[id])
        if segment >= 0 {
            for column in 0..<segment { output[column] = 1 }
            output[segment] = rows.fractions.base[row * rows.fractionCount + fraction]
        }
        if id == 0 {
            output[width - 1] = 1
        } else if id <= modes {
            output[segments + id - 1] = 1
        }
    }
}
