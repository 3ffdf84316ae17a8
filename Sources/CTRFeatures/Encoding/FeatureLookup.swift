/// What encoding one feature's values reads, in plain memory: nothing is retained or copied for a value. It holds for as
/// long as its owner keeps the feature.
struct FeatureLookup: Sendable {
    enum State: Sendable {
        case numeric(BinEdges)
        case categorical(Vocabulary.View)
        case multi(Vocabulary.View)
    }

    let state: State
    /// As in `FeatureEncoder.Feature`.
    let slot: Int
    let fraction: Int

    /// Writes a value's id. False where the value is invalid or of another kind than the feature.
    @inline(__always)
    func write(_ cell: Cell, row: Int, to target: RowTarget) -> Bool {
        switch state {
        case .numeric(let bins):
            guard let value = cell.number else { return false }
            let (id, fraction) = bins.encode(value)
            target.ids[row &* target.slotCount &+ slot] = id
            target.fractions[row &* target.fractionCount &+ self.fraction] = fraction
        case .categorical(let vocabulary):
            if case .invalid = cell { return false }
            target.ids[row &* target.slotCount &+ slot] =
                cell.withCategory { vocabulary.row(of: $0) } ?? Vocabulary.missing
        case .multi: return false
        }
        return true
    }
}

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
