/// A feature's values as its kind wants them, taken from a table's columns.
enum FeatureInput {
    case numeric([Double])
    case categorical(CategoricalColumn)
    case multi(MultiColumn)

    init(of spec: FeatureSpec, in table: Table) throws(CTRError) {
        switch spec.kind {
        case .numeric:
            guard let values = try Self.column(spec.columns.first, of: spec, in: table).asNumeric() else {
                throw .invalidData(
                    "column '\(spec.columns.first ?? "")' holds text or lists, but feature '\(spec.name)' is numeric; "
                        + "declare it categorical or give numbers")
            }
            self = .numeric(values)
        case .categorical:
            let column = try Self.column(spec.columns.first, of: spec, in: table)
            guard let categories = column.asCategorical() else {
                throw .invalidData("column '\(spec.name)' holds lists; declare the feature multi-valued")
            }
            self = .categorical(categories)
        case .multi:
            if spec.columns.count == 1,
                case .multi(let lists) = try Self.column(spec.columns.first, of: spec, in: table)
            {
                self = .multi(lists)
                return
            }
            var columns: [Column] = []
            for name in spec.columns { columns.append(try Self.column(name, of: spec, in: table)) }
            self = .multi(try Self.joined(columns, rowCount: table.rowCount, feature: spec.name))
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
