import CArrow

/// Where each list begins and ends among the values.
struct ArrowLists {
    /// Of the rows wanted, the first list's begin and the last one's end among all values of the array.
    let begin: Int
    let end: Int
    let count: Int
    private let start: Int
    private let offsets: UnsafeRawPointer
    private let isLarge: Bool
    private let validity: UnsafeRawPointer?

    init(_ shape: ArrowShape) throws(ArrowFault) {
        isLarge = shape.isFormat("+L")
        guard isLarge || shape.isFormat("+l") else { throw shape.unsupported }
        try shape.expectBuffers(2)
        let (schema, array) = (shape.schema.pointee, shape.array.pointee)
        guard schema.n_children == 1, array.n_children == 1, schema.children != nil, array.children != nil else {
            throw ArrowFault(
                "Arrow format '\(shape.formatText)' has 1 children, not \(schema.n_children) in its schema and "
                    + "\(array.n_children) in its array, with a list of them")
        }
        validity = try shape.validity()
        offsets = try shape.buffer(1)
        (start, count) = (shape.start, shape.count)
        guard count > 0 else {
            (begin, end) = (0, 0)
            return
        }
        begin = Self.offset(offsets, start, isLarge)
        end = Self.offset(offsets, start + count, isLarge)
        guard begin >= 0 else { throw Self.fault(0, at: begin) }
        guard end >= begin else {
            // The first row at which they descend; where that is depends on the offsets between.
            let row = (0..<count).first { range($0) == nil } ?? count - 1
            throw Self.fault(row, at: Self.offset(offsets, start + row + 1, isLarge))
        }
    }

    private static func offset(_ offsets: UnsafeRawPointer, _ at: Int, _ isLarge: Bool) -> Int {
        isLarge
            ? Int(offsets.loadUnaligned(fromByteOffset: at &* 8, as: Int64.self))
            : Int(offsets.loadUnaligned(fromByteOffset: at &* 4, as: Int32.self))
    }

    private static func fault(_ row: Int, at bound: Int) -> ArrowFault {
        ArrowFault("the list's offsets descend or are negative, at \(bound)", row: row)
    }

    func fault(_ row: Int) -> ArrowFault { Self.fault(row, at: Self.offset(offsets, start + row + 1, isLarge)) }

    @inline(__always)
    func isValid(_ row: Int) -> Bool {
        guard let validity else { return true }
        return ArrowShape.bit(validity, start &+ row)
    }

    /// Where a row's values lie among those of the rows wanted; nil where that is outside of them.
    @inline(__always)
    func range(_ row: Int) -> Range<Int>? {
        let first = Self.offset(offsets, start &+ row, isLarge)
        let last = Self.offset(offsets, start &+ row &+ 1, isLarge)
        guard first >= begin, last >= first, last <= end else { return nil }
        return (first &- begin)..<(last &- begin)
    }

    /// Where the values of all rows before this one end.
    func bound(_ row: Int) -> Int { Self.offset(offsets, start + row, isLarge) &- begin }
}
