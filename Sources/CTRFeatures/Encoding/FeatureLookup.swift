/// What encoding one feature's values reads, in plain memory: nothing is retained or copied for a value. It holds for as
/// long as its owner keeps the feature.
struct FeatureLookup: Sendable {
    enum State: Sendable {
        case numeric(BinEdges)
        case categorical(CategoryLookup)
        case multi(CategoryLookup)
        /// Missing, whatever comes (`FeatureEncoder.Feature.isSilent`).
        case silent
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
        case .categorical(let categories):
            if case .invalid = cell { return false }
            target.ids[row &* target.slotCount &+ slot] = categories.row(of: cell)
        case .multi: return false
        case .silent:
            if case .invalid = cell { return false }
            writeMissing(row: row, to: target)
        }
        return true
    }

    /// The row has no value.
    @inline(__always)
    func writeMissing(row: Int, to target: RowTarget) {
        switch state {
        case .numeric, .silent:
            target.ids[row &* target.slotCount &+ slot] = 0
            target.fractions[row &* target.fractionCount &+ fraction] = 0
        case .categorical: target.ids[row &* target.slotCount &+ slot] = Vocabulary.missing
        case .multi: break
        }
    }
}
