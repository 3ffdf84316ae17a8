import CTRKernels

/// A multi-valued feature's ids: row i has ids[offsets[i]..<offsets[i+1]].
package struct EncodedList: Sendable {
    package var offsets: Buffer<Int>
    package var ids: IndexBuffer

    package init(offsets: Buffer<Int>, ids: IndexBuffer) {
        self.offsets = offsets
        self.ids = ids
    }

    package init(offsets: [Int], ids: [Int32]) { self.init(offsets: Buffer(offsets), ids: IndexBuffer(ids)) }

    /// The rows named, in that order.
    func select(_ chosen: some Collection<Int>) -> EncodedList {
        let part = Buffer<Int>(count: chosen.count + 1)
        for (position, row) in chosen.enumerated() {
            part.base[position + 1] = part.base[position] + offsets.base[row + 1] - offsets.base[row]
        }
        let selected = IndexBuffer(count: part.base[chosen.count])
        for (position, row) in chosen.enumerated() {
            (selected.base + part.base[position]).update(
                from: ids.base + offsets.base[row], count: offsets.base[row + 1] - offsets.base[row])
        }
        return EncodedList(offsets: part, ids: selected)
    }
}
