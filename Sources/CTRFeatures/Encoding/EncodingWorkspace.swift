import CTRKernels

/// The memory that encoding a few rows takes, used again from call to call, by one thread at a time.
package final class EncodingWorkspace {
    /// The rows encoded last. The blocks have room for at least these.
    package private(set) var rows = EncodedRows()
    /// How often a block of `rows` was made anew: whoever keeps one has to look again.
    package private(set) var generation = 0
    var layout: TableLayout?
    private var columns = Buffer<ArrowColumn>(count: 0)
    private var capacity = 0

    package init() {}

    /// More rows than this are encoded into memory of their own.
    package static let mostRows = 64

    /// Makes room for rows of the encoder, which is always the same one.
    func reserve(rows count: Int, of encoder: RowEncoder) {
        if count > capacity {
            rows = encoder.emptyRows(count)
            capacity = count
            generation += 1
        }
        rows.rowCount = count
    }

    /// Room for the table's columns.
    func columns(_ count: Int) -> UnsafeMutableBufferPointer<ArrowColumn> {
        if columns.count < count { columns = Buffer(count: count) }
        return UnsafeMutableBufferPointer(start: columns.base, count: count)
    }

    func reserve(list: Int, ids count: Int) {
        guard rows.lists[list].ids.count < count else { return }
        rows.lists[list].ids = IndexBuffer(count: count)
        generation += 1
    }
}
