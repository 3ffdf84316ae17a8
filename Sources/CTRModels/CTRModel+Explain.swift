import CTRFeatures

extension CTRModel {
    /// Of a table to be explained.
    public static let mostExplainedRows = 1000

    /// Why each row has its click probability, as JSON: an array of objects, as `ctr_model_explain` of the C header
    /// describes them. At most `mostExplainedRows` rows; probabilities are those of `predict` to the bit.
    public func explain(_ table: Table) throws(CTRError) -> String {
        let fitted = try trained()
        try Self.checkExplained(rows: table.rowCount)
        return JSON.array(try fitted.explain(table).map(\.json)).text
    }

    /// The same for a borrowed table, of which nothing is read where it has too many rows.
    package func explain(_ table: ArrowTable) throws(CTRError) -> String {
        _ = try trained()
        try Self.checkExplained(rows: ArrowFrame(table).rowCount)
        return try explain(read(table))
    }

    private static func checkExplained(rows: Int) throws(CTRError) {
        guard rows <= mostExplainedRows else {
            throw .invalidArgument("the table has \(rows) rows; at most \(mostExplainedRows) are explained at once")
        }
    }
}
