import CTRKernels

/// One table on its way into ids and fractions. Each call writes rows or a list of its own, so calls may run side by
/// side. False or nil wherever a value is invalid or of another kind than its feature.
struct EncodingPass: @unchecked Sendable {
    private let encoder: RowEncoder
    private let layout: TableLayout
    /// One for each of the table's columns. A pointer, as a column is large to copy.
    private let columns: UnsafeBufferPointer<ArrowColumn>
    private let target: RowTarget
    /// For each of the layout's readers of a dictionary column, where that is worth it, its entries' ids.
    private var entryIDs: [[Int32]?] = []

    init(
        _ encoder: RowEncoder, _ layout: TableLayout, _ columns: UnsafeBufferPointer<ArrowColumn>, _ target: RowTarget
    ) {
        self.encoder = encoder
        self.layout = layout
        self.columns = columns
        self.target = target
    }

    /// Looks up the dictionaries' entries beforehand, where there are no more of them than rows.
    mutating func prepare(rows count: Int, threads: Int) {
        let (columns, layout, encoder) = (columns, layout, encoder)
        let columnOf = columns.indices.flatMap { index in
            repeatElement(index, count: layout.bounds[index + 1] - layout.bounds[index])
        }
        entryIDs = SideBySide.map(columnOf.count, threads: threads) { reader -> [Int32]? in
            let column = columns[columnOf[reader]]
            guard case .categorical(let categories) = encoder.features[layout.readers[reader]].state, !column.isList,
                let entries = column.entryCount, entries <= count
            else { return nil }
            return (0..<entries).map { categories.row(of: column.entry($0)) }
        }
    }

    /// The scalar features and crosses of some rows; columns that nothing reads are checked.
    func encode(_ rows: Range<Int>) -> Bool {
        for index in columns.indices {
            let readers = layout.bounds[index]..<layout.bounds[index + 1]
            for reader in readers where !encode(reader, from: index, rows) { return false }
            if readers.isEmpty, !layout.isListed[index], !isValid(index, rows) { return false }
        }
        for cross in encoder.crosses {
            for row in rows { cross.write(row: row, to: target) }
        }
        return true
    }

    private func encode(_ reader: Int, from index: Int, _ rows: Range<Int>) -> Bool {
        let feature = encoder.features[layout.readers[reader]]
        if columns[index].isList { return false }
        if !entryIDs.isEmpty, let ids = entryIDs[reader] {
            for row in rows {
                guard let entry = columns[index].index(row) else { return false }
                target.ids[row &* target.slotCount &+ feature.slot] = entry < 0 ? Vocabulary.missing : ids[entry]
            }
            return true
        }
        if case .numeric = feature.state, !columns[index].isNumeric { return false }
        for row in rows where !feature.write(columns[index].cell(row), row: row, to: target) { return false }
        return true
    }

    private func isValid(_ index: Int, _ rows: Range<Int>) -> Bool {
        for row in rows {
            if columns[index].isList {
                if !columns[index].forEachValue(row, { _ in }) { return false }
            } else if case .invalid = columns[index].cell(row) {
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
    func encode(_ list: (feature: Int, columns: [Int]), rows count: Int, into target: EncodedList) -> Bool {
        guard case .multi(let categories) = encoder.features[list.feature].state else { return false }
        var written = 0
        func write(_ cell: Cell) {
            if case .missing = cell { return }
            target.ids.base[written] = categories.row(of: cell)
            written += 1
        }
        let isOfLists = list.columns.count == 1 && columns[list.columns[0]].isList
        target.offsets.base[0] = 0
        for row in 0..<count {
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
