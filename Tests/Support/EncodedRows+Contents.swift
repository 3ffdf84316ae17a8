import CTRFeatures
import CTRKernels

extension EncodedRows {
    /// Rows of one slot.
    package init(column ids: [Int32]) {
        self.init()
        (rowCount, slotCount, self.ids) = (ids.count, 1, IndexBuffer(ids))
    }

    /// All that they hold, of the rows that they have.
    package var contents: [[Double]] {
        let ids = (0..<rowCount * slotCount).map { Double(self.ids.base[$0]) }
        let fractions = (0..<rowCount * fractionCount).map { Double(self.fractions.base[$0]) }
        let lists = lists.flatMap { list in
            let ends = (0...rowCount).map { list.offsets.base[$0] }
            return [ends.map { Double($0) }, (0..<ends[rowCount]).map { Double(list.ids.base[$0]) }]
        }
        return [ids, fractions] + lists
    }
}
