import CTRFeatures
import CTRKernels

extension CTRModel {
    /// The most rows of a table that are explained at once.
    public static let mostExplainedRows = 1000

    /// Why each row has its click probability. At most `mostExplainedRows` rows; probabilities are those of `predict` to the
    /// bit.
    ///
    /// ```swift
    /// for explanation in try model.explain(page) {
    ///     for term in explanation.wide { print(term.feature, term.weight) }
    /// }
    /// ```
    public func explain(_ table: Table) throws(CTRError) -> [Explanation] {
        let fitted = try trained()
        try Self.checkExplained(rows: table.rowCount)
        try Memory.require(
            Self.memory(explaining: table, fitted.encoder), for: "the explanation of \(table.rowCount) rows")
        return try fitted.explain(table)
    }

    /// The same of a borrowed table, of which nothing is read where it has too many rows, as JSON: as `ctr_model_explain`
    /// of the C header describes it.
    package func explanationText(_ table: ArrowTable) throws(CTRError) -> String {
        _ = try trained()
        try Self.checkExplained(rows: ArrowFrame(table).rowCount)
        return try explanationText(read(table))
    }

    package func explanationText(_ table: Table) throws(CTRError) -> String {
        JSON.array(try explain(table).map(\.json)).text
    }

    /// About the most bytes that it takes: a term's object and its text, and a row's values in each cross again.
    private static func memory(explaining table: Table, _ encoder: FeatureEncoder) -> Int {
        var (values, bytes) = (0, 0)
        for name in table.names {
            switch table.column(name) {
            case .categorical(let column): count(column.codes, in: column.dictionary)
            case .multi(let column): count(column.codes, in: column.dictionary)
            case .numeric, .missing, nil: break
            }
        }
        func count(_ codes: [Int32], in dictionary: StringTable) {
            values += codes.count
            for code in codes where code >= 0 {
                bytes += dictionary.withBytes(of: Int(code)) { $0.count }
            }
        }
        let terms = table.rowCount * (encoder.features.count + encoder.crosses.count)
        return 1024 * terms + (64 * values + 12 * bytes) * (1 + encoder.crosses.count)
    }

    private static func checkExplained(rows: Int) throws(CTRError) {
        guard rows <= mostExplainedRows else {
            throw .invalidArgument("the table has \(rows) rows; at most \(mostExplainedRows) are explained at once")
        }
    }
}
