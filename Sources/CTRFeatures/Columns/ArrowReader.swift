import CArrow
import CTRKernels

/// Reads a table that crosses as the Arrow C Data Interface: a struct array, one child a column. It is borrowed; all
/// that is kept is copied. Everything that can be checked is checked here, once: lengths, offsets, indices, UTF-8,
/// and numbers that are not finite. (What the interface cannot say, the sizes of the buffers, is taken on trust.)
///
/// | Arrow                                       | column                                                   |
/// |---------------------------------------------|----------------------------------------------------------|
/// | integers, floats                            | numeric; null and NaN are missing, infinity is an error  |
/// | 64-bit integers, one of them beyond ±2^53   | categorical, of their exact decimal text                 |
/// | bool                                        | categorical, "false" and "true", which 0 and 1 are too   |
/// | utf8, large utf8, utf8 view                 | categorical                                              |
/// | dictionary of any of these                  | categorical                                              |
/// | list, large list of any of these            | multi; a null list is empty, a null in it is left out    |
/// | null                                        | missing: it has no kind                                  |
package enum ArrowReader {
    /// What an error names as supported.
    static let supported =
        "supported are integers, floats, bool, utf8 (also large and view), dictionaries of these, and lists of these"

    /// A column has at most this many rows, and as many list values: codes and indices are 32 bits wide.
    static let limit = Int(Int32.max) - 1

    /// The table. A null row of the struct itself is an error: rows can't be missing, only their values.
    package static func read(
        _ table: ArrowTable, threads: Int = 1, interruption: Interruption? = nil
    ) throws(CTRError) -> Table {
        try read(ArrowFrame(table), threads: threads, interruption: interruption)
    }

    /// All rows of a table, or some.
    package static func read(
        _ frame: ArrowFrame, rows: Range<Int>? = nil, threads: Int = 1, interruption: Interruption? = nil
    ) throws(CTRError) -> Table {
        let rows = rows ?? 0..<frame.rowCount
        try Memory.require(
            frame.bytes(rows: rows.count), for: "a copy of \(rows.count) rows of \(frame.columnCount) columns")
        let columns = try SideBySide.map(frame.columnCount, threads: threads, interruption) {
            (index) throws(CTRError) in
            let name = try columnName(frame.schemas?[index], index)
            do throws(ArrowFault) {
                let column = try ArrowColumn(
                    frame.schemas?[index], frame.arrays?[index], from: frame.start + rows.lowerBound, count: rows.count)
                return (name, try column.column())
            } catch {
                throw error.error("column '\(name)'", rowsBefore: rows.lowerBound)
            }
        }
        return try Table(validated: columns, rowCount: rows.count)
    }

    private static func columnName(_ schema: UnsafeMutablePointer<ArrowSchema>?, _ index: Int) throws(CTRError)
        -> String
    {
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
