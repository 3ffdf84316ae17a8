import CArrow

extension ArrowField {
    /// Text with offsets of 32 or 64 bits.
    @inline(__always)
    func text<Offset: FixedWidthInteger & SignedInteger & BitwiseCopyable>(
        _ type: Offset.Type
    ) throws(CTRError) -> Column {
        try expectBuffers(3)
        guard count > 0 else { return .categorical(CategoricalColumn(dictionary: StringTable(), codes: [])) }
        let offsets = try buffer(1)
        let data = array.buffers[2]
        // The whole range first: then a row's own bounds need comparing only with one another.
        var last = element(offsets, 0, type)
        guard last >= 0 else { throw invalid(row: 0, "the text begins at \(last)") }
        for row in 1...count {
            let next = element(offsets, row, type)
            guard next >= last else {
                throw invalid(row: row - 1, "the text's offsets descend, from \(last) to \(next)")
            }
            last = next
        }
        guard data != nil || last == 0 else {
            throw .invalidData("\(label): Arrow buffer 2, the text, is a null pointer")
        }
        return try categories { row in
            let begin = Int(truncatingIfNeeded: element(offsets, row, type))
            let end = Int(truncatingIfNeeded: element(offsets, row + 1, type))
            return UnsafeRawBufferPointer(start: data.map { $0 + begin }, count: end - begin)
        }
    }

    /// Text views: 16 bytes a row, of which 4 are the length; up to 12 bytes of text stand in the view itself, longer
    /// text is named by buffer and offset. The last buffer holds the sizes of those before it.
    func textView() throws(CTRError) -> Column {
        guard array.n_buffers >= 3, array.n_buffers < Int64(Int32.max) else {
            throw .invalidData("\(label): Arrow format 'vu' has at least 3 buffers, not \(array.n_buffers)")
        }
        guard count > 0 else { return .categorical(CategoricalColumn(dictionary: StringTable(), codes: [])) }
        let views = try buffer(1)
        let dataBuffers = Int(array.n_buffers) - 3
        let sizes = array.buffers[Int(array.n_buffers) - 1]
        return try categories { (row) throws(CTRError) in
            let view = views + (start + row) * 16
            let length = Int(view.loadUnaligned(as: Int32.self))
            guard length >= 0 else { throw invalid(row: row, "the text's length is \(length)") }
            if length <= 12 { return UnsafeRawBufferPointer(start: view + 4, count: length) }
            let index = Int(view.loadUnaligned(fromByteOffset: 8, as: Int32.self))
            let offset = Int(view.loadUnaligned(fromByteOffset: 12, as: Int32.self))
            guard index >= 0, index < dataBuffers, let sizes, let data = array.buffers[index + 2] else {
                throw invalid(row: row, "the text lies in buffer \(index), of \(dataBuffers)")
            }
            let size = sizes.loadUnaligned(fromByteOffset: index * 8, as: Int64.self)
            guard offset >= 0, Int64(offset) + Int64(length) <= size else {
                throw invalid(row: row, "the text's bytes \(offset) + \(length) are outside its buffer of \(size)")
            }
            return UnsafeRawBufferPointer(start: data + offset, count: length)
        }
    }

    /// Dictionary-encodes the rows' bytes; each distinct text is checked for UTF-8 once.
    @inline(__always)
    private func categories(
        _ bytes: (Int) throws(CTRError) -> UnsafeRawBufferPointer
    ) throws(CTRError) -> Column {
        var dictionary = StringTable()
        var codes = [Int32](repeating: -1, count: count)
        for row in 0..<count where isValid(row) {
            let text = try bytes(row)
            let known = dictionary.count
            codes[row] = dictionary.insert(text)
            if dictionary.count > known, !UTF8Check.isValid(text) {
                throw invalid(row: row, "the text is not UTF-8; decode it before it comes here")
            }
        }
        return .categorical(CategoricalColumn(dictionary: dictionary, codes: codes))
    }
}
