import CTRKernels

/// A borrowed table whose columns are checked and found, ready to be encoded in blocks of rows, straight from its
/// buffers. It lasts until the workspace's next use.
package struct BorrowedTable: @unchecked Sendable {
    let rowCount: Int
    let layout: TableLayout
    /// One for each of the table's columns.
    let columns: UnsafePointer<ArrowColumn>
    /// The ids of dictionaries' entries, and where each of the layout's readers has its own, -1 for none; nil where
    /// there are too few rows for it.
    let entries: (ids: UnsafeMutablePointer<Int32>, starts: UnsafeMutablePointer<Int>)?
}

extension RowEncoder {
    /// Rows that are encoded together, at most: so much memory a table takes, however long it is.
    package static let blockRows = 1 << 15

    /// Nil where anything is wrong with the table or unusual: then `ArrowReader` and `FeatureEncoder` answer, or say
    /// what is wrong.
    package func open(
        _ frame: ArrowFrame, threads: Int, in workspace: EncodingWorkspace
    ) throws(CTRError) -> BorrowedTable? {
        guard frame.rowCount > 0, let layout = layout(frame, in: workspace) else { return nil }
        let columns = workspace.columns(frame.columnCount)
        for index in 0..<frame.columnCount {
            do throws(ArrowFault) {
                columns[index] = try ArrowColumn(
                    frame.schemas?[index], frame.arrays?[index], from: frame.start, count: frame.rowCount)
            } catch {
                return nil
            }
        }
        let table = BorrowedTable(
            rowCount: frame.rowCount, layout: layout, columns: UnsafePointer(columns), entries: nil)
        if frame.rowCount <= EncodingJob.fewRows { return table }
        return try withEntries(table, threads: threads, in: workspace)
    }

    /// Encodes a block of the table's rows into the workspace: no copy of its columns, and no allocation once the
    /// workspace has grown to such tables. Nil where a value is invalid or of another kind than its feature.
    ///
    /// The rows are the workspace's own, and last until its next use.
    package func encode(
        _ block: Range<Int>, of table: BorrowedTable, threads: Int, in workspace: EncodingWorkspace
    ) throws(CTRError) -> EncodedRows? {
        try workspace.reserve(rows: block.count, of: self)
        func pass() -> EncodingPass {
            EncodingPass(self, table, RowTarget(workspace.rows), first: block.lowerBound)
        }
        let lists = pass()
        for list in table.layout.lists {
            let room = lists.room(for: list.columns, rows: block.count)
            try workspace.reserve(list: features[list.feature].slot, ids: room)
        }
        let rows = workspace.rows
        return workspace.job.encode(rows, by: pass(), threads: threads) ? rows : nil
    }

    /// Which columns the features read.
    private func layout(_ frame: ArrowFrame, in workspace: EncodingWorkspace) -> TableLayout? {
        if let layout = workspace.layout, layout.isOf(frame) { return layout }
        workspace.layout = TableLayout(frame, encoder.features)
        return workspace.layout
    }

    /// With the ids of the dictionaries' entries, where there are no more of them than rows: then each is looked up once.
    private func withEntries(
        _ table: BorrowedTable, threads: Int, in workspace: EncodingWorkspace
    ) throws(CTRError) -> BorrowedTable {
        let layout = table.layout
        let starts = workspace.entryStarts(layout.readers.count)
        var room = 0
        for reader in layout.readers.indices {
            let column = layout.columns[reader]
            starts[reader] = -1
            guard case .categorical = features[layout.readers[reader]].state, !table.columns[column].isList,
                !table.columns[column].isNull, let entries = table.columns[column].entryCount, entries <= table.rowCount
            else { continue }
            starts[reader] = room
            room += entries
        }
        let whole = BorrowedTable(
            rowCount: table.rowCount, layout: layout, columns: table.columns,
            entries: (try workspace.entryIDs(room), starts))
        let pass = EncodingPass(self, whole, RowTarget(workspace.rows), first: 0)
        workspace.job.lookUpEntries(by: pass, in: workspace, threads: threads)
        return whole
    }
}
