/// A feature's values as its kind wants them, taken from a table's columns.
enum FeatureInput {
    case numeric([Double])
    case categorical(CategoricalColumn)
    case multi(MultiColumn)

    /// No row has a value, whatever kind the columns are of; or the feature takes none.
    case missing

    /// A missing value is fine at any time: only a value may be of another kind than the feature.
    init(of spec: FeatureSpec, in table: Table) throws(CTRError) {
        switch spec.kind {
        case .numeric:
            let column = try Self.column(spec.columns.first, of: spec, in: table)
            if case .missing = column {
                self = .missing
            } else if let values = column.asNumeric() {
                self = .numeric(values)
            } else if column.hasNoValue {
                self = .missing
            } else {
                throw .invalidData(
                    "column '\(spec.columns.first ?? "")' holds \(column.kindName), but feature '\(spec.name)' is "
                        + "numeric; declare it categorical or give numbers")
            }
        case .categorical:
            let column = try Self.column(spec.columns.first, of: spec, in: table)
            if column.hasNoValue {
                self = .missing
            } else if let categories = column.asCategorical() {
                self = .categorical(categories)
            } else {
                throw .invalidData(
                    "column '\(spec.columns.first ?? "")' holds lists, but feature '\(spec.name)' is categorical; "
                        + "declare it multi-valued")
            }
        case .multi:
            var columns: [Column] = []
            for name in spec.columns { columns.append(try Self.column(name, of: spec, in: table)) }
            if columns.count == 1, case .multi(let lists) = columns[0] {
                self = .multi(lists)
                return
            }
            columns.removeAll(where: \.hasNoValue)
            self =
                columns.isEmpty
                ? .missing : .multi(try Self.joined(columns, rowCount: table.rowCount, feature: spec.name))
        }
    }

    /// The same for a feature that is known: one that no value was ever seen of takes none.
    init(of feature: FeatureEncoder.Feature, in table: Table) throws(CTRError) {
        if feature.isSilent {
            _ = try Self.column(feature.spec.columns.first, of: feature.spec, in: table)
            self = .missing
        } else {
            try self.init(of: feature.spec, in: table)
        }
    }

    /// In a feature spread over several columns 0, NaN and null stand for "no further value".
    static func isEmpty(_ value: Double) -> Bool { value.isNaN || value == 0 }

    private static func column(
        _ name: String?, of spec: FeatureSpec, in table: Table
    ) throws(CTRError) -> Column {
        guard let name, let column = table.column(name) else {
            throw .invalidData(
                "the table has no column '\(name ?? "")', which feature '\(spec.name)' reads; "
                    + "its columns are \(table.names.joined(separator: ", "))")
        }
        return column
    }

    private static func joined(
        _ columns: [Column], rowCount: Int, feature: String
    ) throws(CTRError) -> MultiColumn {
        var dictionary = StringTable()
        var parts: [(codes: [Int32], entries: [Int32])] = []
        for column in columns {
            guard let categories = column.asCategorical() else {
                throw .invalidData("feature '\(feature)': several columns make one feature only if none holds lists")
            }
            let entries = (0..<categories.dictionary.count).map { index in
                categories.dictionary.withBytes(of: index) { bytes -> Int32 in
                    categories.origin == .numbers && bytes.elementsEqual("0".utf8) ? -1 : dictionary.insert(bytes)
                }
            }
            parts.append((categories.codes, entries))
        }
        var offsets = [0]
        offsets.reserveCapacity(rowCount + 1)
        var codes: [Int32] = []
        codes.reserveCapacity(rowCount * columns.count)
        for row in 0..<rowCount {
            for part in parts where part.codes[row] >= 0 {
                let entry = part.entries[Int(part.codes[row])]
                if entry >= 0 { codes.append(entry) }
            }
            offsets.append(codes.count)
        }
        return MultiColumn(dictionary: dictionary, offsets: offsets, codes: codes)
    }
}
