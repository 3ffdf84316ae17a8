import CArrow
import CTRKernels

/// A borrowed table as a whole, checked: a struct array without null rows, and where its columns' schemas and arrays are.
/// What the columns hold is not looked at.
package struct ArrowFrame {
    package let rowCount: Int
    let columnCount: Int
    /// The first row's index in each column.
    let start: Int
    /// Of each column; nil where there is none.
    let schemas: UnsafePointer<UnsafeMutablePointer<ArrowSchema>?>?
    let arrays: UnsafePointer<UnsafeMutablePointer<ArrowArray>?>?

    package init(_ table: ArrowTable) throws(CTRError) {
        do throws(ArrowFault) { try self.init(checking: table) } catch { throw error.error("the table") }
    }

    private init(checking table: ArrowTable) throws(ArrowFault) {
        let shape = try ArrowShape(table.schema, table.array)
        guard shape.isFormat("+s") else {
            throw ArrowFault(
                "it must be an Arrow struct array (format '+s', a record batch), not '\(shape.formatText)'; wrap the "
                    + "columns in a record batch")
        }
        try shape.expectBuffers(1)
        if let validity = try shape.validity() {
            for row in 0..<shape.count where !ArrowShape.bit(validity, shape.start + row) {
                throw ArrowFault("it is null as a whole; leave the row out, or make its values null", row: row)
            }
        }
        let (schema, array) = (shape.schema.pointee, shape.array.pointee)
        guard schema.n_children == array.n_children else {
            throw ArrowFault(
                "its schema has \(schema.n_children) columns, its array \(array.n_children); they must agree")
        }
        guard schema.n_children >= 0, schema.n_children <= 1 << 20 else {
            throw ArrowFault("\(schema.n_children) columns; between 0 and 1048576 can be read")
        }
        columnCount = Int(schema.n_children)
        guard columnCount == 0 || (schema.children != nil && array.children != nil) else {
            throw ArrowFault("\(columnCount) columns, but a null pointer for their list")
        }
        (rowCount, start) = (shape.count, shape.start)
        schemas = schema.children.map { UnsafePointer($0) }
        arrays = array.children.map { UnsafePointer($0) }
    }
}

extension ArrowFrame {
    /// A wrong number of answers is refused before anything that grows with the rows.
    package func expect(answers count: Int) throws(CTRError) {
        guard count == rowCount else {
            throw .invalidArgument(
                "count = \(count), but the table has \(rowCount) rows; give room for one answer a row")
        }
    }

    /// What its columns take in memory as they are read, at least: a type may take none here and 8 bytes a row there.
    func bytes(rows: Int) -> Int {
        var bytes = 0
        for index in 0..<columnCount {
            guard let format = schemas?[index]?.pointee.format else { continue }
            let each: Int
            switch ArrowCells.kind(format) {
            case .null: each = 0
            case .bool, .text, .largeText, .textView: each = 4
            default: each = 8
            }
            let (sum, overflow) = bytes.addingReportingOverflow(Memory.bytes(rows, each: each))
            if overflow { return .max }
            bytes = sum
        }
        return bytes
    }
}
