import CTRKernels

/// One table on its way into ids and fractions. Each call writes rows or a list of its own, so calls may run side by
/// side. False or nil wherever a value is invalid or of another kind than its feature.
struct EncodingPass: @unchecked Sendable {
    private let encoder: RowEncoder
    let layout: TableLayout
    private let columns: UnsafePointer<ArrowColumn>
    private let entries: (ids: UnsafeMutablePointer<Int32>, starts: UnsafeMutablePointer<Int>)?
    private let target: RowTarget
    /// The table's row that is written first; rows are counted from it.
    private let first: Int

    init(_ encoder: RowEncoder, _ table: BorrowedTable, _ target: RowTarget, first: Int) {
        self.encoder = encoder
        (layout, columns, entries) = (table.layout, table.columns, table.entries)
        (self.target, self.first) = (target, first)
    }

    /// The ids of one reader's entries, where there is room for them.
    func lookUpEntries(of reader: Int) {
        let column = layout.columns[reader]
        guard let entries, entries.starts[reader] >= 0, let count = columns[column].entryCount,
            case .categorical(let categories) = encoder.features[layout.readers[reader]].state
        else { return }
        let ids = entries.ids + entries.starts[reader]
        for entry in 0..<count { ids[entry] = categories.row(of: columns[column].entry(entry)) }
    }

    /// The scalar features and crosses of some rows; columns that nothing reads are checked.
    func encode(_ rows: Range<Int>) -> Bool {
        for index in layout.isListed.indices {
            // Copied here, not for each value: it is large.
            let column = columns[index]
            let readers = layout.bounds[index]..<layout.bounds[index + 1]
            for reader in readers where !encode(reader, from: column, rows) { return false }
            if readers.isEmpty, !layout.isListed[index], !isValid(column, rows) { return false }
        }
        for cross in encoder.crosses {
            for row in rows { cross.write(row: row, to: target) }
        }
        return true
    }

    private func encode(_ reader: Int, from column: ArrowColumn, _ rows: Range<Int>) -> Bool {
        let feature = encoder.features[layout.readers[reader]]
        if column.isList {
            // Only lists without any value say nothing of their kind.
            for row in rows {
                var hasValue = false
                guard column.forEachValue(first &+ row, { _ in hasValue = true }), !hasValue || isSilent(feature) else {
                    return false
                }
                feature.writeMissing(row: row, to: target)
            }
            return true
        }
        if let entries, entries.starts[reader] >= 0 {
            let ids = entries.ids + entries.starts[reader]
            for row in rows {
                guard let entry = column.index(first &+ row) else { return false }
                target.ids[row &* target.slotCount &+ feature.slot] = entry < 0 ? Vocabulary.missing : ids[entry]
            }
            return true
        }
        for row in rows where !feature.write(column.cell(first &+ row), row: row, to: target) { return false }
        return true
    }

    private func isSilent(_ feature: FeatureLookup) -> Bool {
        if case .silent = feature.state { true } else { false }
    }

    private func isValid(_ column: ArrowColumn, _ rows: Range<Int>) -> Bool {
        for row in rows {
            if column.isList {
                if !column.forEachValue(first &+ row, { _ in }) { return false }
            } else if case .invalid = column.cell(first &+ row) {
                return false
            }
        }
        return true
    }

    /// How many ids a multi-valued feature has at most in so many rows.
    func room(for list: [Int], rows count: Int) -> Int {
        guard list.count == 1, let lists = columns[list[0]].lists else {
            return list.reduce(0) { $0 + (columns[$1].isNull ? 0 : count) }
        }
        // Where the offsets lead outside, the rows will tell.
        let (begin, end) = (lists.bound(first), lists.bound(first + count))
        return columns[list[0]].isNull ? 0 : min(max(0, end &- begin), lists.end &- lists.begin)
    }

    /// A multi-valued feature of all rows: of one column of lists, or of several of which each adds a value at most.
    func encode(list index: Int, of rows: EncodedRows) -> Bool {
        let list = layout.lists[index]
        let feature = encoder.features[list.feature]
        guard case .multi(let categories) = feature.state else { return false }
        let target = rows.lists[feature.slot]
        let room = target.ids.count
        var written = 0
        func write(_ cell: Cell) {
            if case .missing = cell { return }
            // There is room for what the offsets said at first; they are the caller's, and may say something else now.
            if written < room { target.ids.base[written] = categories.row(of: cell) }
            written += 1
        }
        let isOfLists = list.columns.count == 1 && columns[list.columns[0]].isList
        target.offsets.base[0] = 0
        for row in 0..<rows.rowCount {
            if isOfLists {
                guard columns[list.columns[0]].forEachValue(first &+ row, write) else { return false }
            } else {
                for column in list.columns {
                    guard add(columns[column], first &+ row, write) else { return false }
                }
            }
            guard written <= room else { return false }
            target.offsets.base[row + 1] = written
        }
        return true
    }

    /// The value of one of several columns; of lists there may be none.
    @inline(__always)
    private func add(_ column: ArrowColumn, _ row: Int, _ write: (Cell) -> Void) -> Bool {
        if column.isList {
            var hasValue = false
            return column.forEachValue(row) { _ in hasValue = true } && !hasValue
        }
        let cell = column.cell(row)
        if case .invalid = cell { return false }
        if !cell.isZero { write(cell) }
        return true
    }
}
