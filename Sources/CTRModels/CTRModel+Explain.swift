import CTRFeatures

extension CTRModel {
    /// Of a table to be explained.
    public static let mostExplainedRows = 1000

    /// Why each row has its click probability, as JSON: an array of objects, as `ctr_model_explain` of the C header
    /// describes them. At most `mostExplainedRows` rows; probabilities are those of `predict` to the bit.
    public func explain(_ table: Table) throws(CTRError) -> String {
        let fitted = try trained()
        guard table.rowCount <= Self.mostExplainedRows else {
            throw .invalidArgument(
                "the table has \(table.rowCount) rows; at most \(Self.mostExplainedRows) are explained at once")
        }
        return JSON.array(try fitted.explain(table).map(\.json)).text
    }
}
