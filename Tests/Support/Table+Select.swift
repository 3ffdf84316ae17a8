import CTRFeatures

extension Table {
    /// The rows named, in that order, dictionaries shared. Each index must be one of a row.
    package func select(rows: [Int]) throws(CTRError) -> Table {
        try Table(names.compactMap { name in column(name).map { (name, $0.select(rows: rows)) } })
    }
}

extension Column {
    fileprivate func select(rows: [Int]) -> Column {
        switch self {
        case .numeric(let values):
            return .numeric(rows.map { values[$0] })
        case .categorical(let column):
            var part = column
            part.codes = rows.map { column.codes[$0] }
            return .categorical(part)
        case .multi(let column):
            var offsets = [0]
            offsets.reserveCapacity(rows.count + 1)
            var codes: [Int32] = []
            for row in rows {
                codes.append(contentsOf: column.codes[column.offsets[row]..<column.offsets[row + 1]])
                offsets.append(codes.count)
            }
            return .multi(MultiColumn(dictionary: column.dictionary, offsets: offsets, codes: codes))
        case .missing: return .missing(count: rows.count)
        }
    }
}
