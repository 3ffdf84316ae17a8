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
            case .integer(let value):
                let row = integers.row(of: value)
                // An unknown 0 or 1 may be listed as a bool.
                if row != Vocabulary.unknown || value.magnitude > 1 { return row }
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
