import CArrow

/// One column of a borrowed table, read value by value where it lies: plain, dictionary-encoded, or of lists. Nil and
/// `.invalid` as in `ArrowCells`: what `ArrowField` might have an error for, or what is read nowhere but there.
struct ArrowColumn {
    /// The values; of a dictionary column the indices.
    private let cells: ArrowCells
    private let entries: ArrowCells?
    private let lists: Lists?

    /// Where each list begins and ends among the values.
    private struct Lists {
        let offsets: UnsafeRawPointer
        let isLarge: Bool
        let shape: ArrowShape
        let first: Int

        @inline(__always)
        func offset(_ row: Int) -> Int {
            isLarge
                ? Int(offsets.loadUnaligned(fromByteOffset: (shape.start &+ row) &* 8, as: Int64.self))
                : Int(offsets.loadUnaligned(fromByteOffset: (shape.start &+ row) &* 4, as: Int32.self))
        }
    }

    init?(_ schema: UnsafePointer<ArrowSchema>?, _ array: UnsafePointer<ArrowArray>?, from: Int, count: Int) {
        guard let schema, let array, let format = schema.pointee.format else { return nil }
        guard format[0] == CChar(UInt8(ascii: "+")) else {
            guard let (cells, entries) = Self.scalars(schema, array, from: from, count: count) else { return nil }
            (self.cells, self.entries, lists) = (cells, entries, nil)
            return
        }
        let isLarge = format[1] == CChar(UInt8(ascii: "L"))
        guard isLarge || format[1] == CChar(UInt8(ascii: "l")), format[2] == 0, schema.pointee.dictionary == nil,
            array.pointee.dictionary == nil, count > 0,
            let shape = ArrowShape(schema, array, from: from, count: count), array.pointee.n_buffers == 2,
            let offsets = array.pointee.buffers[1], schema.pointee.n_children == 1, array.pointee.n_children == 1,
            let child = schema.pointee.children?[0], let values = array.pointee.children?[0]
        else { return nil }
        var lists = Lists(offsets: offsets, isLarge: isLarge, shape: shape, first: 0)
        let first = lists.offset(0)
        guard first >= 0 else { return nil }
        for row in 0..<count where lists.offset(row) > lists.offset(row + 1) { return nil }
        lists = Lists(offsets: offsets, isLarge: isLarge, shape: shape, first: first)
        guard
            let (cells, entries) = Self.scalars(child, values, from: first, count: lists.offset(count) - first)
        else { return nil }
        (self.cells, self.entries, self.lists) = (cells, entries, lists)
    }

    private static func scalars(
        _ schema: UnsafePointer<ArrowSchema>, _ array: UnsafePointer<ArrowArray>, from: Int, count: Int
    ) -> (ArrowCells, ArrowCells?)? {
        guard schema.pointee.dictionary != nil || array.pointee.dictionary != nil else {
            return ArrowCells(schema, array, from: from, count: count).map { ($0, nil) }
        }
        guard let cells = ArrowCells(indices: schema, array, from: from, count: count),
            let entries = ArrowCells(schema.pointee.dictionary, array.pointee.dictionary), entries.isValid()
        else { return nil }
        return (cells, entries)
    }

    var isList: Bool { lists != nil }
    /// Whether its values are numbers or booleans.
    var isNumeric: Bool { (entries ?? cells).isNumeric }

    /// How many entries its dictionary has; nil without one.
    var entryCount: Int? { entries?.count }

    /// A dictionary's entry.
    func entry(_ index: Int) -> Cell { entries?.cell(index) ?? .missing }

    /// The place of a row's value in the dictionary; -1 where it is missing, nil where it is not in the dictionary.
    @inline(__always)
    func index(_ row: Int) -> Int? { cells.index(row, below: entries?.count ?? 0) }

    /// The value of a row; in a column of lists, the value at that place of all their values.
    @inline(__always)
    func cell(_ row: Int) -> Cell {
        guard let entries else { return cells.cell(row) }
        guard let index = cells.index(row, below: entries.count) else { return .invalid }
        if index < 0 { return .missing }
        // A dictionary's numbers become categories, of which 0 and -0 are one.
        if case .number(let value) = entries.cell(index), value == 0 { return .number(0) }
        return entries.cell(index)
    }

    /// How many values the lists hold, those under a null list too; 0 without lists.
    var valueCount: Int { lists == nil ? 0 : cells.count }

    /// Calls `body` for each value of a row's list but missing ones. False where one is invalid, also one that lies
    /// under a null list.
    @inline(__always)
    func forEachValue(_ row: Int, _ body: (Cell) -> Void) -> Bool {
        guard let lists else { return false }
        let isNull = lists.shape.validity.map { !ArrowField.bit($0, lists.shape.start &+ row) } ?? false
        for place in (lists.offset(row) - lists.first)..<(lists.offset(row + 1) - lists.first) {
            switch cell(place) {
            case .invalid: return false
            case .missing: continue
            case let cell: if !isNull { body(cell) }
            }
        }
        return true
    }
}
