/// What a layer writes and others read: a matrix with a row for each row of a batch.
package struct Signal: Sendable, Hashable {
    /// Among the blueprint's signals.
    let index: Int
    /// Columns.
    package let width: Int
}
