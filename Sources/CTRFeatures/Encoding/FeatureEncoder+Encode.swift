import CTRKernels

extension FeatureEncoder {
    /// A table's rows. Throws where a column is missing, or of another kind than its feature was fitted as.
    package func encode(
        _ table: Table, threads: Int = 1, interruption: Interruption? = nil
    ) throws(CTRError) -> EncodedRows {
        try Memory.require(
            EncodingNeed.encoding(self, table), for: "\(table.rowCount) encoded rows of \(features.count) features")
        let columns = try SideBySide.map(features.count, threads: threads, interruption) { (index) throws(CTRError) in
            try EncodedColumn(features[index], in: table)
        }
        var rows = EncodedRows(
            rowCount: table.rowCount, slotCount: slotCount, fractionCount: fractionCount, listCount: listCount)
        for (feature, column) in zip(features, columns) {
            if case .list(let list) = column { rows.lists[feature.slot] = list }
        }
        let target = RowTarget(rows)
        let lookups = crosses.map { CrossLookup($0, of: features) }
        // Rows are dealt to the threads, not columns: neighbouring columns share cache lines.
        try SideBySide.blocks(of: table.rowCount, threads: threads, interruption) { block in
            for (feature, column) in zip(features, columns) { column.write(block, feature, to: target) }
            for lookup in lookups {
                for row in block { lookup.write(row: row, to: target) }
            }
        }
        return rows
    }

    /// Asks for the memory of so many encoded rows, but for the values of lists.
    func requireMemory(rows count: Int) throws(CTRError) {
        let numbers = slotCount + fractionCount + 2 * listCount
        try Memory.require(
            Memory.bytes(count + 1, each: 4 * numbers), for: "\(count) encoded rows of \(features.count) features")
    }

    /// This table with the columns as categories that are read as nothing else: each is made so once, whatever is done
    /// with it.
    package func prepared(
        _ table: Table, threads: Int, interruption: Interruption? = nil
    ) throws(CTRError) -> Table {
        try Self.prepared(table, specs: features.map(\.spec), threads: threads, interruption: interruption)
    }

    package static func prepared(
        _ table: Table, specs: [FeatureSpec], threads: Int, interruption: Interruption? = nil
    ) throws(CTRError) -> Table {
        let read = specs.filter { $0.kind != .numeric }.flatMap(\.columns).exact
        let kept = specs.filter { $0.kind == .numeric }.flatMap(\.columns).exact
        let chosen = read.subtracting(kept)
        try Memory.require(
            EncodingNeed.categories(chosen.compactMap { table.column($0.text) }),
            for: "the categories of \(table.rowCount) rows")
        return try table.asCategorical(chosen, threads: threads, interruption: interruption)
    }
}
