import CTRKernels

/// One table on its way into ids and fractions. Each call writes rows or a list of its own, so calls may run side by
/// side. False or nil wherever a value is invalid or of another kind than its feature.
struct EncodingPass: @unchecked Sendable {
    private let encoder: RowEncoder
    let layout: TableLayout
    /// One for each of the table's columns.
    private let columns: UnsafePointer<ArrowColumn>
    private let target: RowTarget
    /// The ids of dictionaries' entries, and where each of the layout's readers has its own; -1 for none.
    private var entries: (ids: UnsafeMutablePointer<Int32>, starts: UnsafeMutablePointer<Int>)?

    init(
        _ encoder: RowEncoder, _ layout: TableLayout, _ columns: UnsafePointer<ArrowColumn>, _ target: RowTarget
    ) {
        self.encoder = encoder
        self.layout = layout
        self.columns = columns
        self.target = target
    }

    /// Makes room for the ids of the dictionaries' entries, where there are no more of them than rows: then each is
    /// looked up once.
    mutating func reserveEntries(rows count: Int, in workspace: EncodingWorkspace) {
        let starts = workspace.entryStarts(layout.readers.count)
        var room = 0
        for reader in layout.readers.indices {
            let column = layout.columns[reader]
            starts[reader] = -1
            guard case .categorical = encoder.features[layout.readers[reader]].state, !columns[column].isList,
                let entries = columns[column].entryCount, entries <= count
            else { continue }
            starts[reader] = room
            room += entries
        }
        entries = (workspace.entryIDs(room), starts)
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
        if column.isList { return false }
        if let entries, entries.starts[reader] >= 0 {
            let ids = entries.ids + entries.starts[reader]
            for row in rows {
                guard let entry = column.index(row) else { return false }
                target.ids[row &* target.slotCount &+ feature.slot] = entry < 0 ? Vocabulary.missing : ids[entry]
            }
            return true
        }
        if case .numeric = feature.state, !column.isNumeric { return false }
        for row in rows where !feature.write(column.cell(row), row: row, to: target) { return false }
        return true
    }

    private func isValid(_ column: ArrowColumn, _ rows: Range<Int>) -> Bool {
        for row in rows {
            if column.isList {
                if !column.forEachValue(row, { _ in }) { return false }
            } else if case .invalid = column.cell(row) {
                return false
            }
        }
        return true
    }

    /// How many ids a multi-valued feature has at most; nil where it cannot be read from these columns.
    func room(for list: [Int], rows count: Int) -> Int? {
        if list.count == 1, columns[list[0]].isList { return columns[list[0]].valueCount }
        return list.contains { columns[$0].isList } ? nil : list.count * count
    }

    /// A multi-valued feature of all rows: of one column of lists, or of several of which each adds a value at most.
    func encode(list index: Int, of rows: EncodedRows) -> Bool {
        let list = layout.lists[index]
        let feature = encoder.features[list.feature]
        guard case .multi(let categories) = feature.state else { return false }
        let target = rows.lists[feature.slot]
        var written = 0
        func write(_ cell: Cell) {
            if case .missing = cell { return }
            target.ids.base[written] = categories.row(of: cell)
            written += 1
        }
        let isOfLists = list.columns.count == 1 && columns[list.columns[0]].isList
        target.offsets.base[0] = 0
        for row in 0..<rows.rowCount {
            if isOfLists {
                guard columns[list.columns[0]].forEachValue(row, write) else { return false }
            } else {
                for place in list.columns {
                    let cell = columns[place].cell(row)
                    if case .invalid = cell { return false }
                    if !cell.isZero { write(cell) }
                }
            }
            target.offsets.base[row + 1] = written
        }
        return true
    }
}
