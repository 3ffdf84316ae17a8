import CTRFeatures
import CTRKernels

/// A feature's embedding among a network's inputs (Cheng et al., 2016, section 3.2): a row of the table for each id; the
/// rows of a multi-valued feature are averaged, and one without values is zero.
package struct EmbeddingField: Sendable {
    package let name: String
    package let source: IDSource
    /// The table, by its index among the network's parameters: ids × width.
    package let parameter: Int
    let rows: Int
    package let width: Int
    /// Its first column among all inputs.
    package let offset: Int

    /// Its columns among all inputs.
    var inputs: Range<Int> { offset..<offset + width }

    /// For the loops, which find its columns from `offset` on.
    func loop(_ plan: PlanDraft, offset: Int) -> vl_embedding {
        vl_embedding(
            table: plan.weights(parameter).base,
            row_of_id: plan.network.rowOfID(parameter).map { UnsafePointer($0.base) }, slot: source.slot,
            list: source.list, width: width, offset: offset)
    }
}
