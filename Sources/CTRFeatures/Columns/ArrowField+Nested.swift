import CArrow

extension ArrowField {
    /// A dictionary-encoded column. Equal entries become one category, a null entry is missing.
    func dictionaryColumn() throws(CTRError) -> Column {
        let entries = try ArrowField(
            label: "\(label), dictionary", schema: UnsafePointer(schema.dictionary),
            array: UnsafePointer(array.dictionary))
        guard entries.schema.dictionary == nil, entries.array.dictionary == nil,
            let values = try entries.plainColumn().asCategorical()
        else { throw entries.unsupported() }
        let codes: [Int32]
        switch format {
        case "c": codes = try lookUp(Int8.self, values.codes)
        case "C": codes = try lookUp(UInt8.self, values.codes)
        case "s": codes = try lookUp(Int16.self, values.codes)
        case "S": codes = try lookUp(UInt16.self, values.codes)
        case "i": codes = try lookUp(Int32.self, values.codes)
        case "I": codes = try lookUp(UInt32.self, values.codes)
        case "l": codes = try lookUp(Int64.self, values.codes)
        case "L": codes = try lookUp(UInt64.self, values.codes)
        default: throw .invalidData("\(label): dictionary indices of Arrow format '\(format)'; they must be integers")
        }
        return .categorical(CategoricalColumn(dictionary: values.dictionary, codes: codes, origin: values.origin))
    }

    @inline(__always)
    private func lookUp<T: FixedWidthInteger & BitwiseCopyable>(
        _ type: T.Type, _ entries: [Int32]
    ) throws(CTRError) -> [Int32] {
        try expectBuffers(2)
        guard count > 0 else { return [] }
        let indices = try buffer(1)
        var codes = [Int32](repeating: -1, count: count)
        for row in 0..<count where isValid(row) {
            let index = element(indices, row, type)
            guard index >= 0, index < entries.count else {
                throw invalid(row: row, "dictionary index \(index), the dictionary has \(entries.count) entries")
            }
            codes[row] = entries[Int(truncatingIfNeeded: index)]
        }
        return codes
    }

    /// Lists with offsets of 32 or 64 bits; their values may be of any type but lists.
    @inline(__always)
    func listColumn<Offset: FixedWidthInteger & SignedInteger & BitwiseCopyable>(
        _ type: Offset.Type
    ) throws(CTRError) -> Column {
        try expectBuffers(2)
        try expectChildren(1)
        var bounds = [Int](repeating: 0, count: count + 1)
        if count > 0 {
            let offsets = try buffer(1)
            for row in 0...count {
                let bound = element(offsets, row, type)
                guard bound >= 0, row == 0 || bound >= bounds[row - 1], let bound = Int(exactly: bound) else {
                    throw invalid(row: max(0, row - 1), "the list's offsets descend or are negative, at \(bound)")
                }
                bounds[row] = bound
            }
        }
        let first = bounds[0]
        let values = try ArrowField(
            label: "\(label), list values", schema: UnsafePointer(schema.children?[0]),
            array: UnsafePointer(array.children?[0]), from: first, count: bounds[count] - first)
        guard !values.format.hasPrefix("+"), let column = try values.column().asCategorical() else {
            throw values.unsupported()
        }
        return .multi(compact(column, bounds))
    }

    /// Leaves out null values, and whatever lies under a null list.
    private func compact(_ values: CategoricalColumn, _ bounds: [Int]) -> MultiColumn {
        var offsets = [0]
        offsets.reserveCapacity(count + 1)
        if validity == nil, !values.codes.contains(-1) {
            for row in 0..<count { offsets.append(bounds[row + 1] - bounds[0]) }
            return MultiColumn(dictionary: values.dictionary, offsets: offsets, codes: values.codes)
        }
        var codes: [Int32] = []
        codes.reserveCapacity(values.codes.count)
        for row in 0..<count {
            if isValid(row) {
                for at in (bounds[row] - bounds[0])..<(bounds[row + 1] - bounds[0]) where values.codes[at] >= 0 {
                    codes.append(values.codes[at])
                }
            }
            offsets.append(codes.count)
        }
        return MultiColumn(dictionary: values.dictionary, offsets: offsets, codes: codes)
    }
}
