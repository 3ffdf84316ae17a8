import CTRKernels

/// Where rows are written.
struct RowTarget: @unchecked Sendable {
    let ids: UnsafeMutablePointer<Int32>
    let slotCount: Int
    let fractions: UnsafeMutablePointer<Float>
    let fractionCount: Int

    init(_ rows: EncodedRows) {
        (ids, slotCount) = (rows.ids.base, rows.slotCount)
        (fractions, fractionCount) = (rows.fractions.base, rows.fractionCount)
    }
}
