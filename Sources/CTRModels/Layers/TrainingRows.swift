import CTRFeatures
import CTRKernels

/// Encoded rows where the layers read them: plain memory, whatever the thread. The blocks are the encoded rows' own.
package final class TrainingRows: Sendable {
    package let rowCount: Int
    package let slotCount: Int
    package let fractionCount: Int
    package let ids: IndexBuffer
    package let fractions: FloatBuffer
    package let lists: [EncodedList]

    package init(_ rows: EncodedRows) {
        rowCount = rows.rowCount
        slotCount = rows.slotCount
        fractionCount = rows.fractionCount
        ids = rows.ids
        fractions = rows.fractions
        lists = rows.lists
    }

    /// The ids of one row in a slot or list, as a pointer and a count.
    @inline(__always)
    package func ids(_ source: IDSource, row: Int) -> UnsafeBufferPointer<Int32> {
        switch source {
        case .slot(let slot): return UnsafeBufferPointer(start: ids.base + row * slotCount + slot, count: 1)
        case .list(let list):
            let offsets = lists[list].offsets.base
            return UnsafeBufferPointer(
                start: lists[list].ids.base + offsets[row], count: offsets[row + 1] - offsets[row])
        }
    }
}

/// Where a layer's ids stand in the encoded rows.
package enum IDSource: Sendable, Equatable {
    case slot(Int)
    case list(Int)
}
