import CTRFeatures
import CTRKernels

/// A number among a network's inputs: the piecewise-linear encoding (Gorishniy et al., 2022, equation 1) of the value
/// within its column's bins, then one indicator a mode, then one for a missing value. Nothing to learn.
///
/// Segment t is 1 where the value lies above it, 0 below it, and in between how far through it the value is.
package struct NumberField: Sendable {
    package let name: String
    package let slot: Int
    package let fraction: Int
    /// Its first column among all inputs.
    package let offset: Int
    package let width: Int
    let segments: Int
    private let modes: Int
    /// For each id the segment in which the encoding stops; -1 for none.
    private let segmentOfID: IndexBuffer

    package init(name: String, bins: NumericBins, slot: Int, fraction: Int, offset: Int) {
        self.name = name
        self.slot = slot
        self.fraction = fraction
        self.offset = offset
        width = bins.width
        segments = bins.segments
        modes = bins.modes.count
        segmentOfID = IndexBuffer((0..<bins.idCount).map { Int32(bins.segment(of: Int32($0)) ?? -1) })
    }

    package var idCount: Int { segmentOfID.count }

    /// An id's segment: how many ones its encoding begins with; 0 where it has none.
    func segment(of id: Int) -> Int { max(Int(segmentOfID.base[id]), 0) }

    /// The column of an id's indicator, where it has one.
    func indicator(of id: Int) -> Int? { id == 0 ? width - 1 : id <= modes ? segments + id - 1 : nil }

    /// Its columns among all inputs.
    var inputs: Range<Int> { offset..<offset + width }

    /// For the loops, which find its columns from `offset` on.
    func loop(offset: Int) -> vl_number {
        vl_number(
            segment_of_id: segmentOfID.base, slot: slot, fraction: fraction, offset: offset, width: width,
            segments: segments, modes: modes)
    }
}
