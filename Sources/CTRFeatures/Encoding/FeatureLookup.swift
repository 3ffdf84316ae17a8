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

/// What looking up a category reads.
struct CategoryLookup: Sendable {
    private let vocabulary: Vocabulary.View
    private let integers: IntegerIndex.View?

    init(_ vocabulary: Vocabulary, _ integers: IntegerIndex?) {
        self.vocabulary = vocabulary.view
        self.integers = integers?.view
    }

    /// The row of a value's category; `Vocabulary.missing` for one that has none.
    @inline(__always)
    func row(of cell: Cell) -> Int32 {
        if let integers {
            switch cell {
            case .integer(let magnitude, let isNegative) where magnitude < 1 << 63:
                let number = Int64(bitPattern: magnitude)
                let row = integers.row(of: isNegative ? 0 &- number : number)
                // An unknown 0 or 1 may be listed as a bool.
                if row != Vocabulary.unknown || magnitude > 1 { return row }
            case .number(let value):
                if let whole = Int64(exactly: value), whole.magnitude < 1 << 53 {
                    let row = integers.row(of: whole)
                    if row != Vocabulary.unknown || whole.magnitude > 1 { return row }
                }
            default: break
            }
        }
        return cell.withCategory { vocabulary.row(of: $0) } ?? Vocabulary.missing
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
