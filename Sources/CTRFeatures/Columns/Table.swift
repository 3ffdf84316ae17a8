/// Columns of equal length with distinct names.
///
/// ```swift
/// let table = try Table([
///     ("section", .text(["sport", "money"])), ("hour", .numeric([8.5, 21])), ("label", .numeric([0, 1])),
/// ])
/// print(table.rowCount, table.names)  // 2 ["section", "hour", "label"]
/// ```
public struct Table: Sendable {
    /// The number of rows.
    public let rowCount: Int
    /// The columns' names in order.
    public private(set) var names: [String]
    private var columns: [ExactText: Column]

    /// A table of these columns. Throws where their lengths differ, a name comes twice, or a column's contents do not
    /// fit together.
    public init(_ columns: [(String, Column)]) throws(CTRError) {
        for (name, column) in columns { try column.validate(name: name) }
        try self.init(validated: columns, rowCount: columns.first?.1.count ?? 0)
    }

    /// As above for columns whose contents are known to be right.
    init(validated columns: [(String, Column)], rowCount: Int) throws(CTRError) {
        self.rowCount = rowCount
        names = []
        self.columns = Dictionary(minimumCapacity: columns.count)
        for (name, column) in columns {
            guard column.count == rowCount else {
                throw .invalidData(
                    "column '\(name)' has \(column.count) rows, the table has \(rowCount); all must be of one length")
            }
            guard self.columns.updateValue(column, forKey: ExactText(name)) == nil else {
                throw .invalidData("column '\(name)' is in the table twice; give each column its own name")
            }
            names.append(name)
        }
    }

    /// The column of that name, nil if there is none.
    public func column(_ name: String) -> Column? { columns[ExactText(name)] }

    /// The same table with the columns of these names as categories, where they can be.
    func asCategorical(
        _ chosen: Set<ExactText>, threads: Int, interruption: Interruption? = nil
    ) throws(CTRError) -> Table {
        let chosen = names.map { ExactText($0) }.filter { name in
            // What has no value needs none.
            if case .missing = columns[name] { false } else { chosen.contains(name) }
        }
        let made = try SideBySide.map(chosen.count, threads: threads, interruption) {
            columns[chosen[$0]]?.asCategorical()
        }
        var table = self
        for (name, column) in zip(chosen, made) {
            if let column { table.columns[name] = .categorical(column) }
        }
        return table
    }
}

extension Sequence<String> {
    /// The names, told apart by their bytes.
    package var exact: Set<ExactText> { Set(map { ExactText($0) }) }
}
