import CArrow

/// One column of a borrowed table, plain, dictionary-encoded, or of lists: checked here once, whether its values are then
/// read one by one where they lie, or all of them into a `Column`.
struct ArrowColumn {
    /// The values; of a dictionary column the indices.
    let cells: ArrowCells
    let entries: ArrowCells?
    let lists: ArrowLists?

    init(
        _ schema: UnsafePointer<ArrowSchema>?, _ array: UnsafePointer<ArrowArray>?, from: Int, count: Int
    ) throws(ArrowFault) {
        let shape = try ArrowShape(schema, array, from: from, count: count)
        guard !shape.isCoded, shape.format[0] == CChar(UInt8(ascii: "+")) else {
            (cells, entries) = try Self.scalars(shape)
            lists = nil
            return
        }
        let lists = try ArrowLists(shape)
        do throws(ArrowFault) {
            let child = try ArrowShape(
                shape.schema.pointee.children[0], shape.array.pointee.children[0], from: lists.begin,
                count: lists.end - lists.begin)
            guard child.format[0] != CChar(UInt8(ascii: "+")) else { throw child.unsupported }
            (cells, entries) = try Self.scalars(child)
        } catch {
            throw error.of(", list values")
        }
        self.lists = lists
    }

    private static func scalars(_ shape: ArrowShape) throws(ArrowFault) -> (ArrowCells, ArrowCells?) {
        guard shape.isCoded else { return (try ArrowCells(shape), nil) }
        let entries: ArrowCells
        do throws(ArrowFault) {
            let inner = try ArrowShape(shape.schema.pointee.dictionary, shape.array.pointee.dictionary)
            guard !inner.isCoded else { throw inner.unsupported }
            entries = try ArrowCells(inner)
            if let entry = entries.firstInvalid() { throw entries.fault(entry) }
        } catch {
            throw error.of(", dictionary")
        }
        guard let kind = ArrowCells.kind(shape.format), kind.isInteger else {
            throw ArrowFault("dictionary indices of Arrow format '\(shape.formatText)'; they must be integers")
        }
        return (try ArrowCells(shape), entries)
    }

    var isList: Bool { lists != nil }

    /// Whether every value is missing, as the type says.
    var isNull: Bool { (entries ?? cells).kind == .null }

    /// How many entries its dictionary has; nil without one.
    var entryCount: Int? { entries?.count }

    /// A dictionary's entry.
    func entry(_ index: Int) -> Cell { entries?.cell(index) ?? .missing }

    /// The index of a row's value in the dictionary; -1 where it is missing, nil where it is not in the dictionary.
    @inline(__always)
    func index(_ row: Int) -> Int? { cells.cell(row).index(below: entries?.count ?? 0) }

    /// The value of a row; in a column of lists, the value at that index among all their values.
    @inline(__always)
    func cell(_ row: Int) -> Cell {
        guard let entries else { return cells.cell(row) }
        guard let index = cells.cell(row).index(below: entries.count) else { return .invalid }
        if index < 0 { return .missing }
        // A dictionary's numbers become categories, of which 0 and -0 are one.
        if case .number(let value) = entries.cell(index), value == 0 { return .number(0) }
        return entries.cell(index)
    }

    /// Calls `body` for each value of a row's list but missing ones. False where one is invalid, also one that lies
    /// under a null list.
    @inline(__always)
    func forEachValue(_ row: Int, _ body: (Cell) -> Void) -> Bool {
        guard let lists, let range = lists.range(row) else { return false }
        // Of nulls alone there may be any number without a byte of memory.
        if entries == nil, cells.kind == .null { return true }
        let isNull = !lists.isValid(row)
        for index in range {
            switch cell(index) {
            case .invalid: return false
            case .missing: continue
            case let cell: if !isNull { body(cell) }
            }
        }
        return true
    }
}

extension ArrowShape {
    /// Whether it has a dictionary, in its schema or its array.
    var isCoded: Bool { schema.pointee.dictionary != nil || array.pointee.dictionary != nil }
}

extension ArrowFault {
    /// The same, of a part of the column.
    fileprivate func of(_ part: String) -> ArrowFault {
        var fault = self
        fault.part = part + self.part
        return fault
    }
}
