extension ArrowColumn {
    /// All of it, in memory of its own.
    func column() throws(ArrowFault) -> Column {
        guard let lists else { return try scalars() }
        // Of nulls alone there may be any number without a byte of memory.
        if entries == nil, cells.kind == .null {
            for row in 0..<lists.count where lists.range(row) == nil { throw lists.fault(row) }
            let offsets = [Int](repeating: 0, count: lists.count + 1)
            return .multi(MultiColumn(dictionary: StringTable(), offsets: offsets, codes: []))
        }
        return .multi(try compact(try values(), lists))
    }

    private func scalars() throws(ArrowFault) -> Column {
        guard let entries else { return try cells.column() }
        return .categorical(try coded(entries))
    }

    /// A list's values as categories.
    private func values() throws(ArrowFault) -> CategoricalColumn {
        do throws(ArrowFault) {
            guard let values = try scalars().asCategorical() else { throw ArrowFault("the values are lists") }
            return values
        } catch {
            var fault = error
            fault.part = ", list values" + fault.part
            throw fault
        }
    }

    /// A dictionary-encoded column. Equal entries become one category, a null entry is missing.
    private func coded(_ entries: ArrowCells) throws(ArrowFault) -> CategoricalColumn {
        // A dictionary of nulls takes no memory, however long it is.
        let values = entries.kind == .null ? nil : try entries.column().asCategorical()
        let codes: [Int32]
        switch cells.kind {
        case .int8: codes = try lookUp(Int8.self, values?.codes, of: entries.count)
        case .uint8: codes = try lookUp(UInt8.self, values?.codes, of: entries.count)
        case .int16: codes = try lookUp(Int16.self, values?.codes, of: entries.count)
        case .uint16: codes = try lookUp(UInt16.self, values?.codes, of: entries.count)
        case .int32: codes = try lookUp(Int32.self, values?.codes, of: entries.count)
        case .uint32: codes = try lookUp(UInt32.self, values?.codes, of: entries.count)
        case .int64: codes = try lookUp(Int64.self, values?.codes, of: entries.count)
        default: codes = try lookUp(UInt64.self, values?.codes, of: entries.count)
        }
        return CategoricalColumn(
            dictionary: values?.dictionary ?? StringTable(), codes: codes, origin: values?.origin ?? .text)
    }

    @inline(__always)
    private func lookUp<T: FixedWidthInteger & BitwiseCopyable>(
        _ type: T.Type, _ entries: [Int32]?, of count: Int
    ) throws(ArrowFault) -> [Int32] {
        var codes = [Int32](repeating: -1, count: cells.count)
        for row in 0..<cells.count where cells.isValid(row) {
            let index = cells.load(row, type)
            guard index >= 0, index < count else {
                throw ArrowFault("dictionary index \(index), the dictionary has \(count) entries", row: row)
            }
            if let entries { codes[row] = entries[Int(truncatingIfNeeded: index)] }
        }
        return codes
    }

    /// Leaves out null values, and whatever lies under a null list.
    private func compact(_ values: CategoricalColumn, _ lists: ArrowLists) throws(ArrowFault) -> MultiColumn {
        var offsets = [0]
        offsets.reserveCapacity(lists.count + 1)
        var codes: [Int32] = []
        codes.reserveCapacity(values.codes.count)
        for row in 0..<lists.count {
            guard let range = lists.range(row) else { throw lists.fault(row) }
            if lists.isValid(row) {
                for code in values.codes[range] where code >= 0 { codes.append(code) }
            }
            offsets.append(codes.count)
        }
        return MultiColumn(dictionary: values.dictionary, offsets: offsets, codes: codes)
    }
}
