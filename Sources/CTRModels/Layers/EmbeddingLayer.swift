import CTRFeatures
import CTRKernels

/// A feature's embedding (Cheng et al., 2016, section 3.2): a row of the table for each id; the rows of a multi-valued
/// feature are averaged, and one without values is zero. It writes `table.width` floats of the deep part's input.
package struct EmbeddingLayer: Sendable {
    package var name: String
    package var source: IDSource
    /// ids × embedding dimension
    package var table: Parameters
    /// Where in the input its floats begin.
    package var offset: Int
    /// The table's row of each id, where that is not the id itself: that of the unknown id for ids seen too rarely to have
    /// learnt one of their own.
    package let rowOfID: IndexBuffer?

    /// `isRare` tells of an id whether it shares the unknown id's row.
    package init(
        name: String, source: IDSource, table: Parameters, offset: Int, isRare: (Int) -> Bool = { _ in false }
    ) {
        let rows = IndexBuffer(count: table.rows)
        var isShared = false
        for id in 0..<table.rows {
            rows.base[id] = Int32(truncatingIfNeeded: id)
            if isRare(id) { (rows.base[id], isShared) = (Vocabulary.unknown, true) }
        }
        rowOfID = isShared ? rows : nil
        self.name = name
        self.source = source
        self.table = table
        self.offset = offset
    }

    /// The deep part's inputs that it is.
    var inputs: Range<Int> { offset..<offset + table.width }

    /// Where the loops find its rows and ids.
    func place(_ choice: WideDeep.Weights) -> vl_embedding {
        vl_embedding(
            table: choice.of(table).base, row_of_id: rowOfID.map { UnsafePointer($0.base) }, slot: source.slot,
            list: source.list, width: table.width, offset: offset)
    }
}
