/// Rows as compact ids and floats, ready for any number of epochs.
package struct EncodedRows: Sendable {
    package var rowCount = 0
    /// Ids of the scalar slots (numeric bins, categories, crosses), row-major, `slotCount` a row.
    package var ids: [Int32] = []
    package var slotCount = 0
    /// Where each numeric feature's value lies in its bin, row-major, `fractionCount` a row, 0...1.
    package var fractions: [Float] = []
    package var fractionCount = 0
    /// One for each multi-valued feature.
    package var lists: [EncodedList] = []

    package init() {}
}

/// A multi-valued feature's ids: row i has ids[offsets[i]..<offsets[i+1]].
package struct EncodedList: Sendable {
    package var offsets: [Int] = [0]
    package var ids: [Int32] = []

    package init() {}
}

extension EncodedRows {
    /// The rows named, in that order.
    package func select(_ chosen: [Int32]) -> EncodedRows {
        var rows = EncodedRows()
        rows.rowCount = chosen.count
        rows.slotCount = slotCount
        rows.fractionCount = fractionCount
        for row in chosen.lazy.map({ Int($0) }) {
            rows.ids.append(contentsOf: ids[(row * slotCount)..<((row + 1) * slotCount)])
            rows.fractions.append(contentsOf: fractions[(row * fractionCount)..<((row + 1) * fractionCount)])
        }
        rows.lists = lists.map { list in
            var part = EncodedList()
            for row in chosen.lazy.map({ Int($0) }) {
                part.ids.append(contentsOf: list.ids[list.offsets[row]..<list.offsets[row + 1]])
                part.offsets.append(part.ids.count)
            }
            return part
        }
        return rows
    }
}
