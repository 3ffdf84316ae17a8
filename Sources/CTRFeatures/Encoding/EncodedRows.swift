import CTRKernels

/// Rows as compact ids and floats, ready for any number of epochs.
package struct EncodedRows: Sendable {
    package var rowCount = 0
    /// Ids of the scalar slots (numeric bins, categories, crosses), row-major, `slotCount` a row.
    package var ids = IndexBuffer(count: 0)
    package var slotCount = 0
    /// Where each numeric feature's value lies in its bin, row-major, `fractionCount` a row, 0...1.
    package var fractions = FloatBuffer(count: 0)
    package var fractionCount = 0
    /// One for each multi-valued feature.
    package var lists: [EncodedList] = []

    package init() {}

    /// Rows of zeros, without room for the lists' ids.
    init(rowCount: Int, slotCount: Int, fractionCount: Int, listCount: Int) {
        self.rowCount = rowCount
        self.slotCount = slotCount
        self.fractionCount = fractionCount
        ids = IndexBuffer(count: rowCount * slotCount)
        fractions = FloatBuffer(count: rowCount * fractionCount)
        lists = (0..<listCount).map { _ in EncodedList(offsets: Buffer(count: rowCount + 1), ids: IndexBuffer(count: 0))
        }
    }
}

extension EncodedRows {
    /// The rows named, in that order.
    package func select(_ chosen: [Int32]) -> EncodedRows {
        var rows = EncodedRows(rowCount: chosen.count, slotCount: slotCount, fractionCount: fractionCount, listCount: 0)
        for (position, row) in chosen.lazy.map({ Int($0) }).enumerated() {
            (rows.ids.base + position * slotCount).update(from: ids.base + row * slotCount, count: slotCount)
            (rows.fractions.base + position * fractionCount).update(
                from: fractions.base + row * fractionCount, count: fractionCount)
        }
        rows.lists = lists.map { $0.select(chosen.lazy.map { Int($0) }) }
        return rows
    }
}
