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
    private let listPlaces: Buffer<vl_list>

    package init(_ rows: EncodedRows) {
        rowCount = rows.rowCount
        slotCount = rows.slotCount
        fractionCount = rows.fractionCount
        ids = rows.ids
        fractions = rows.fractions
        lists = rows.lists
        listPlaces = Buffer(lists.map { vl_list(offsets: $0.offsets.base, ids: $0.ids.base) })
    }

    /// Lends the rows to the vector loops.
    @inline(__always)
    func withView(_ body: (UnsafePointer<vl_rows>) -> Void) {
        var view = vl_rows(
            ids: ids.base, slots: slotCount, fractions: fractions.base, fraction_count: fractionCount,
            lists: listPlaces.base)
        withExtendedLifetime(self) { body(&view) }
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
package enum IDSource: Sendable, Hashable {
    case slot(Int)
    case list(Int)

    /// -1 for a list.
    var slot: Int { if case .slot(let slot) = self { slot } else { -1 } }
    /// 0 for a slot.
    var list: Int { if case .list(let list) = self { list } else { 0 } }
}
