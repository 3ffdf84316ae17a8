/// Texts where they lie, and what is wrong with a row whose value is invalid.
extension ArrowCells {
    @inline(__always)
    func textCell(_ row: Int, _ bytes: UnsafeRawBufferPointer?, _ isChecked: Bool) -> Cell {
        guard let bytes else { return .invalid }
        guard isValid(row) else { return .missing }
        return !isChecked || UTF8Check.isValid(bytes) ? .text(bytes) : .invalid
    }

    /// The bytes of a row of text with offsets; nil where they lie outside the array's text.
    @inline(__always)
    func text<Offset: FixedWidthInteger & SignedInteger & BitwiseCopyable>(
        _ row: Int, _ type: Offset.Type
    ) -> UnsafeRawBufferPointer? {
        let begin = Int(truncatingIfNeeded: load(row, type))
        let end = Int(truncatingIfNeeded: load(row &+ 1, type))
        guard begin >= 0, end >= begin, end <= limit else { return nil }
        return UnsafeRawBufferPointer(start: data.map { $0 + begin }, count: end &- begin)
    }

    /// The bytes of a row of text views: 16 bytes a row, of which 4 are the length; up to 12 bytes of text stand in the
    /// view itself, longer text is named by buffer and offset. The last buffer holds the sizes of those before it.
    @inline(never)
    func view(_ row: Int) -> UnsafeRawBufferPointer? {
        let view = values + (start + row) * 16
        let length = Int(view.loadUnaligned(as: Int32.self))
        guard length >= 0 else { return nil }
        if length <= 12 { return UnsafeRawBufferPointer(start: view + 4, count: length) }
        let index = Int(view.loadUnaligned(fromByteOffset: 8, as: Int32.self))
        let offset = Int(view.loadUnaligned(fromByteOffset: 12, as: Int32.self))
        guard offset >= 0, let size = size(of: index), offset + length <= size,
            let bytes = data?.assumingMemoryBound(to: UnsafeRawPointer?.self)[index + 2]
        else { return nil }
        return UnsafeRawBufferPointer(start: bytes + offset, count: length)
    }

    /// The size of a buffer of longer text; nil where there is none such.
    private func size(of index: Int) -> Int? {
        guard index >= 0, index < limit, let buffers = data?.assumingMemoryBound(to: UnsafeRawPointer?.self),
            let sizes = buffers[limit + 2], buffers[index + 2] != nil
        else { return nil }
        return Int(sizes.loadUnaligned(fromByteOffset: index * 8, as: Int64.self))
    }

    /// Says what is wrong with a row whose value is invalid.
    func fault(_ row: Int) -> ArrowFault {
        let problem: String
        switch kind {
        case .half, .float, .double:
            problem = "the number is infinite; give a finite number, or null for missing"
        case .text, .largeText:
            let (begin, end) = (
                Self.offset(values, start + row, kind), Self.offset(values, start + row + 1, kind)
            )
            if begin < 0 {
                problem = "the text begins at \(begin)"
            } else if end < begin {
                problem = "the text's offsets descend, from \(begin) to \(end)"
            } else if end > limit {
                problem = "the text's offsets descend: it ends at \(end), the column's last text at \(limit)"
            } else {
                problem = Self.notUTF8
            }
        case .textView:
            let view = values + (start + row) * 16
            let length = Int(view.loadUnaligned(as: Int32.self))
            let index = Int(view.loadUnaligned(fromByteOffset: 8, as: Int32.self))
            let offset = Int(view.loadUnaligned(fromByteOffset: 12, as: Int32.self))
            if length < 0 {
                problem = "the text's length is \(length)"
            } else if length <= 12 {
                problem = Self.notUTF8
            } else if let size = size(of: index) {
                problem =
                    offset < 0 || offset + length > size
                    ? "the text's bytes \(offset) + \(length) are outside its buffer of \(size)" : Self.notUTF8
            } else {
                problem = "the text lies in buffer \(index), of \(limit)"
            }
        default: problem = "the value changed while it was read"
        }
        return ArrowFault(problem, row: row)
    }

    private static let notUTF8 = "the text is not UTF-8; decode it before it comes here"
}
