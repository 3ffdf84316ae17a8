import CTRKernels

/// The memory that encoding rows takes, used again from call to call, by one caller at a time.
package final class EncodingWorkspace {
    /// The rows encoded last. The blocks have room for at least these.
    package private(set) var rows = EncodedRows()
    /// How often a block of `rows` was made anew: whoever keeps one has to look again.
    package private(set) var generation = 0
    var layout: TableLayout?
    let job = EncodingJob()
    private var columns = Buffer<ArrowColumn>(count: 0)
    private var entryIDs = IndexBuffer(count: 0)
    private var entryStarts = Buffer<Int>(count: 0)
    private var capacity = 0

    package init() {}

    /// The ids and fractions that there is room for.
    package private(set) var size = 0

    /// Makes room for rows of the encoder, which is always the same one.
    func reserve(rows count: Int, of encoder: RowEncoder) throws(CTRError) {
        if count > capacity {
            try encoder.encoder.requireMemory(rows: count)
            rows = encoder.emptyRows(count)
            capacity = count
            grown()
        }
        rows.rowCount = count
    }

    /// Room for the table's columns.
    func columns(_ count: Int) -> UnsafeMutablePointer<ArrowColumn> {
        if columns.count < count { columns = Buffer(count: count) }
        return columns.base
    }

    func reserve(list: Int, ids count: Int) throws(CTRError) {
        guard rows.lists[list].ids.count < count else { return }
        try Memory.require(Memory.bytes(count, of: Int32.self), for: "the ids of \(count) values in lists")
        rows.lists[list].ids = IndexBuffer(count: count)
        grown()
    }

    /// Room for where so many readers' entries begin.
    func entryStarts(_ readers: Int) -> UnsafeMutablePointer<Int> {
        if entryStarts.count < readers { entryStarts = Buffer(count: readers) }
        return entryStarts.base
    }

    /// Room for so many entries' ids.
    func entryIDs(_ count: Int) throws(CTRError) -> UnsafeMutablePointer<Int32> {
        if entryIDs.count < count {
            try Memory.require(Memory.bytes(count, of: Int32.self), for: "the ids of \(count) dictionary entries")
            size += count - entryIDs.count
            entryIDs = IndexBuffer(count: count)
        }
        return entryIDs.base
    }

    /// A block of `rows` was made anew.
    private func grown() {
        generation += 1
        size = rows.lists.reduce(rows.ids.count + rows.fractions.count + entryIDs.count) {
            $0 + $1.offsets.count + $1.ids.count
        }
    }
}
