import CTRFeatures

extension RowEncoder {
    /// A table's rows straight from its buffers; nil where the table has to be read as a whole.
    package func encode(_ table: ArrowTable, threads: Int, in workspace: EncodingWorkspace) -> EncodedRows? {
        guard let frame = try? ArrowFrame(table), let open = try? open(frame, threads: threads, in: workspace) else {
            return nil
        }
        return try? encode(0..<frame.rowCount, of: open, threads: threads, in: workspace)
    }
}
