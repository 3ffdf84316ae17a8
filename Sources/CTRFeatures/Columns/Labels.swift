import CTRKernels

/// Reads a column of 0 and 1, or false and true: the labels, or another that is so.
package enum Labels {
    package static func read(_ name: String, _ role: String = "label", from table: Table) throws(CTRError) -> [Bool] {
        guard let column = table.column(name) else {
            throw .invalidData(
                "the table has no \(role) column '\(name)'; its columns are \(table.names.joined(separator: ", "))")
        }
        if case .missing(let count) = column, count > 0 {
            throw .invalidData("\(role) column '\(name)', row 0 (from 0): missing; a \(role) is 0 or 1")
        }
        // As numbers, and as they are.
        try Memory.require(Memory.bytes(column.count, each: 9), for: "the \(role)s of \(column.count) rows")
        guard let values = column.asNumeric() else {
            throw .invalidData("\(role) column '\(name)' holds \(column.kindName); a \(role) is 0 or 1")
        }
        var labels: [Bool] = []
        labels.reserveCapacity(values.count)
        for (row, value) in values.enumerated() {
            guard value == 0 || value == 1 else {
                let shown = value.isNaN ? "missing" : Column.categoryText(value)
                throw .invalidData("\(role) column '\(name)', row \(row) (from 0): \(shown); a \(role) is 0 or 1")
            }
            labels.append(value == 1)
        }
        return labels
    }
}
