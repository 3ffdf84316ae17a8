import CArrow

/// Reads a table that crosses as the Arrow C Data Interface: a struct array, one child a column. It is borrowed; all
/// that is kept is copied. Everything that can be checked is checked here, once: lengths, offsets, indices, UTF-8,
/// and numbers that are not finite. (What the interface cannot say, the sizes of the buffers, is taken on trust.)
///
/// | Arrow                                       | column                                                   |
/// |---------------------------------------------|----------------------------------------------------------|
/// | integers, floats                            | numeric; null and NaN are missing, infinity is an error  |
/// | 64-bit integers, one of them beyond ±2^53   | categorical, of their exact decimal text                 |
/// | bool                                        | categorical, "false" and "true"                          |
/// | utf8, large utf8, utf8 view                 | categorical                                              |
/// | dictionary of any of these                  | categorical                                              |
/// | list, large list of any of these            | multi; a null list is empty, a null in it is left out    |
/// | null                                        | numeric, all missing                                     |
package enum ArrowReader {
    /// What an error names as supported.
    static let supported =
        "supported are integers, floats, bool, utf8 (also large and view), dictionaries of these, and lists of these"

    /// A column has at most this many rows, and as many list values: codes and indices are 32 bits wide.
    static let limit = Int(Int32.max) - 1

    /// The table. A null row of the struct itself is an error: rows can't be missing, only their values.
    package static func read(_ table: ArrowTable, threads: Int = 1) throws(CTRError) -> Table {
        try read(schema: table.schema, array: table.array, threads: threads)
    }

    static func read(
        schema: UnsafePointer<ArrowSchema>, array: UnsafePointer<ArrowArray>, threads: Int = 1
    ) throws(CTRError) -> Table {
        let table = try ArrowField(label: "the table", schema: schema, array: array)
        guard table.format == "+s" else {
            throw .invalidData(
                "the table must be an Arrow struct array (format '+s', a record batch), not '\(table.format)'; "
                    + "wrap the columns in a record batch")
        }
        try table.expectBuffers(1)
        if let row = table.firstNull() {
            throw .invalidData(
                "row \(row) (from 0) of the table is null as a whole; leave the row out, or make its values null")
        }
        let children = table.schema.n_children
        guard children == table.array.n_children else {
            throw .invalidData(
                "the table's schema has \(children) columns, its array \(table.array.n_children); they must agree")
        }
        guard children >= 0, children <= 1 << 20 else {
            throw .invalidData("the table has \(children) columns; between 0 and 1048576 can be read")
        }
        guard children == 0 || (table.schema.children != nil && table.array.children != nil) else {
            throw .invalidData("the table has \(children) columns, but a null pointer for their list")
        }
        let columns = try SideBySide.map(Int(children), threads: threads) { (index) throws(CTRError) in
            let childSchema = UnsafePointer(table.schema.children[index])
            let name = try columnName(childSchema, index)
            let field = try ArrowField(
                label: "column '\(name)'", schema: childSchema, array: UnsafePointer(table.array.children[index]),
                from: table.start, count: table.count)
            return (name, try field.column())
        }
        return try Table(validated: columns, rowCount: table.count)
    }

    private static func columnName(_ schema: UnsafePointer<ArrowSchema>?, _ index: Int) throws(CTRError) -> String {
        guard let schema, schema.pointee.release != nil else {
            throw .invalidData("column \(index) (from 0): its schema is null or was released")
        }
        guard let text = schema.pointee.name else {
            throw .invalidData("column \(index) (from 0) has no name; give each column one")
        }
        guard let name = String(validatingCString: text) else {
            throw .invalidData("column \(index) (from 0): its name is not UTF-8")
        }
        return name
    }
}
