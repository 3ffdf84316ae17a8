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
        let known = values?.codes
        var codes = [Int32](repeating: -1, count: cells.count)
        try cells.forEach { (row, cell) throws(ArrowFault) in
            guard let index = cell.index(below: entries.count) else {
                let shown = cell.withCategory { String(decoding: $0, as: UTF8.self) } ?? ""
                throw ArrowFault("dictionary index \(shown), the dictionary has \(entries.count) entries", row: row)
            }
            if index >= 0, let known { codes[row] = known[index] }
        }
        return CategoricalColumn(
            dictionary: values?.dictionary ?? StringTable(), codes: codes, origin: values?.origin ?? .text)
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
