import CArrow
import CTRKernels
import Synchronization

extension RowEncoder {
    /// Encodes a borrowed table straight from its buffers: no copy of its columns, and for a few rows no allocation once
    /// the workspace has grown to them. Nil where anything is unusual, or the table has no rows: then `ArrowReader` and
    /// `FeatureEncoder` answer, or say what is wrong.
    ///
    /// Few rows are the workspace's own, and last until its next use.
    package func encode(
        _ table: ArrowTable, threads: Int, in workspace: EncodingWorkspace
    ) -> EncodedRows? {
        let (schema, array) = (table.schema, table.array)
        guard let count = Self.rowCount(schema, array), let layout = layout(schema, in: workspace),
            let columns = Self.columns(schema, array, rows: count, in: workspace)
        else { return nil }
        return count > EncodingWorkspace.mostRows
            ? encodeMany(count, columns, layout, threads: threads)
            : encodeFew(count, columns, layout, workspace)
    }

    private func encodeFew(
        _ count: Int, _ columns: UnsafeBufferPointer<ArrowColumn>, _ layout: TableLayout, _ workspace: EncodingWorkspace
    ) -> EncodedRows? {
        workspace.reserve(rows: count, of: self)
        let pass = EncodingPass(self, layout, columns, RowTarget(workspace.rows))
        guard pass.encode(0..<count) else { return nil }
        for list in layout.lists {
            guard let room = pass.room(for: list.columns, rows: count) else { return nil }
            let place = features[list.feature].slot
            workspace.reserve(list: place, ids: room)
            guard pass.encode(list, rows: count, into: workspace.rows.lists[place]) else { return nil }
        }
        return workspace.rows
    }

    private func encodeMany(
        _ count: Int, _ columns: UnsafeBufferPointer<ArrowColumn>, _ layout: TableLayout, threads: Int
    ) -> EncodedRows? {
        var rows = emptyRows(count)
        var prepared = EncodingPass(self, layout, columns, RowTarget(rows))
        prepared.prepare(rows: count, threads: threads)
        let pass = prepared
        for list in layout.lists {
            guard let room = pass.room(for: list.columns, rows: count) else { return nil }
            rows.lists[features[list.feature].slot].ids = IndexBuffer(count: room)
        }
        let block = 256
        let blocks = (count + block - 1) / block
        let failed = Atomic<Bool>(false)
        let done = rows
        ThreadPool.shared.run(tasks: layout.lists.count + blocks, threads: threads) { task in
            let isDone: Bool
            if task < layout.lists.count {
                let list = layout.lists[task]
                isDone = pass.encode(list, rows: count, into: done.lists[self.features[list.feature].slot])
            } else {
                let start = (task - layout.lists.count) * block
                isDone = pass.encode(start..<min(start + block, count))
            }
            if !isDone { failed.store(true, ordering: .relaxed) }
        }
        return failed.load(ordering: .relaxed) ? nil : rows
    }

    /// The number of rows of a table that is a struct array without null rows.
    private static func rowCount(_ schema: UnsafePointer<ArrowSchema>, _ array: UnsafePointer<ArrowArray>) -> Int? {
        guard let shape = ArrowShape(schema, array, from: 0, count: nil), shape.validity == nil, shape.count > 0,
            let format = schema.pointee.format, format[0] == CChar(UInt8(ascii: "+")),
            format[1] == CChar(UInt8(ascii: "s")), format[2] == 0, array.pointee.n_buffers == 1,
            schema.pointee.n_children == array.pointee.n_children, schema.pointee.n_children > 0,
            schema.pointee.n_children <= 1 << 20, schema.pointee.children != nil, array.pointee.children != nil
        else { return nil }
        return shape.count
    }

    /// Which columns the features read.
    private func layout(_ schema: UnsafePointer<ArrowSchema>, in workspace: EncodingWorkspace) -> TableLayout? {
        let columns = Int(schema.pointee.n_children)
        if let layout = workspace.layout, layout.isOf(schema.pointee, columns: columns) { return layout }
        workspace.layout = TableLayout(schema.pointee, columns: columns, encoder.features)
        return workspace.layout
    }

    /// How to read each of the table's columns.
    private static func columns(
        _ schema: UnsafePointer<ArrowSchema>, _ array: UnsafePointer<ArrowArray>, rows count: Int,
        in workspace: EncodingWorkspace
    ) -> UnsafeBufferPointer<ArrowColumn>? {
        let columns = workspace.columns(Int(schema.pointee.n_children))
        let start = Int(array.pointee.offset)
        for index in columns.indices {
            guard
                let column = ArrowColumn(
                    schema.pointee.children[index], array.pointee.children[index], from: start, count: count)
            else { return nil }
            columns[index] = column
        }
        return UnsafeBufferPointer(columns)
    }
}
