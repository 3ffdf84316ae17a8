import CTRKernels

/// The bytes that learning a table's features and encoding its rows take beside the table, at most: what
/// `Memory.require` is asked before either.
enum EncodingNeed {
    /// A distinct number that becomes a category: its bits, its text, where that ends, and the slots of both.
    private static var numberAsCategory: Int { 112 }
    /// An entry of a dictionary: its count, its rank, where its text ends, and its slots while they grow.
    private static var entry: Int { 80 }
    /// A number that is sorted: its key, the sorter's other half, and the result.
    private static var sorted: Int { 24 }

    /// To learn bins and vocabularies.
    static func learning(_ specs: [FeatureSpec], from table: Table, threads: Int) -> Int {
        // Columns are done side by side; what a vocabulary keeps stays.
        let columns = columns(of: specs, in: table)
        let numbers = columns.count { kind, column in
            if case .missing = column { false } else { kind == .numeric }
        }
        let sorting = Memory.bytes(table.rowCount, each: sorted * min(max(threads, 1), numbers))
        return sum(columns.flatMap { [kept($1), reading($1, as: $0)] } + [sorting])
    }

    /// To encode the rows.
    static func encoding(_ encoder: FeatureEncoder, _ table: Table) -> Int {
        let row = encoder.slotCount * 4 + encoder.fractionCount * 4 + encoder.listCount * 8
        let columns = columns(of: encoder.features.map(\.spec), in: table)
        return sum(columns.map { reading($1, as: $0) } + [Memory.bytes(table.rowCount, each: row)])
    }

    /// To make these columns categories.
    static func categories(_ columns: [Column]) -> Int { sum(columns.map { reading($0, as: .categorical) }) }

    private static func columns(of specs: [FeatureSpec], in table: Table) -> [(FeatureSpec.Kind, Column)] {
        specs.flatMap { spec in spec.columns.compactMap { table.column($0) }.map { (spec.kind, $0) } }
    }

    /// A column's values as its feature wants them.
    private static func reading(_ column: Column, as kind: FeatureSpec.Kind) -> Int {
        switch column {
        case .numeric(let values): kind == .numeric ? 0 : Memory.bytes(values.count, each: numberAsCategory)
        case .categorical(let column):
            sum([Memory.bytes(column.codes.count, each: 12), Memory.bytes(column.dictionary.count, each: 40)])
        case .multi(let column):
            sum([Memory.bytes(column.codes.count, each: 8), Memory.bytes(column.dictionary.count, each: 8)])
        case .missing: 0
        }
    }

    private static func kept(_ column: Column) -> Int {
        switch column {
        case .numeric, .missing: 0
        case .categorical(let column): kept(column.dictionary)
        case .multi(let column): kept(column.dictionary)
        }
    }

    static func kept(_ dictionary: StringTable) -> Int {
        sum([Memory.bytes(dictionary.count, each: entry), Memory.bytes(dictionary.byteCount, each: 3)])
    }

    static func sum(_ bytes: [Int]) -> Int {
        bytes.reduce(0) { sum, bytes in
            let (total, overflow) = sum.addingReportingOverflow(bytes)
            return overflow ? .max : total
        }
    }
}
