import CArrow
import CTRKernels

extension RowEncoder {
    /// Encodes a borrowed table straight from its buffers into the workspace: no copy of its columns, and no allocation
    /// once the workspace has grown to such tables. Nil where anything is unusual, or the table has no rows: then
    /// `ArrowReader` and `FeatureEncoder` answer, or say what is wrong.
    ///
    /// The rows are the workspace's own, and last until its next use.
    package func encode(
        _ table: ArrowTable, threads: Int, in workspace: EncodingWorkspace
    ) -> EncodedRows? {
        let (schema, array) = (table.schema, table.array)
        guard let count = Self.rowCount(schema, array), let layout = layout(schema, in: workspace),
            let columns = Self.columns(schema, array, rows: count, in: workspace)
        else { return nil }
        workspace.reserve(rows: count, of: self)
        let pass = EncodingPass(self, layout, columns, RowTarget(workspace.rows))
        for list in layout.lists {
            guard let room = pass.room(for: list.columns, rows: count) else { return nil }
            workspace.reserve(list: features[list.feature].slot, ids: room)
        }
        let rows = workspace.rows
        return workspace.job.encode(rows, by: pass, threads: threads, in: workspace) ? rows : nil
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
    ) -> UnsafePointer<ArrowColumn>? {
        let columns = workspace.columns(Int(schema.pointee.n_children))
        let start = Int(array.pointee.offset)
        for index in 0..<Int(schema.pointee.n_children) {
            guard
                let column = ArrowColumn(
                    schema.pointee.children[index], array.pointee.children[index], from: start, count: count)
            else { return nil }
            columns[index] = column
        }
        return UnsafePointer(columns)
    }
}
