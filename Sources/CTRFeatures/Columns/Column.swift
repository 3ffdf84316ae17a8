/// A column of categories: each row holds the index of its text in the dictionary, or -1 where the value is missing.
/// The dictionary may hold entries that no row uses (a part of a table keeps the whole table's).
///
/// ``Column/text(_:)`` makes one of texts; this is for who has codes already:
///
/// ```swift
/// let devices = CategoricalColumn(dictionary: StringTable(["phone", "laptop"]), codes: [0, 1, -1, 0])
/// print(Column.categorical(devices).count)  // 4
/// ```
public struct CategoricalColumn: Sendable {
    /// The texts of the categories.
    public var dictionary: StringTable
    /// For each row the index of its category in the dictionary; -1 is missing.
    public var codes: [Int32]
    /// What the texts were before they became texts.
    package var origin: Origin

    /// The kind of value that a column's categories were read from.
    package enum Origin: Sendable {
        case text
        /// Each category is the decimal text of a number.
        case numbers
        /// The categories are "false" and "true".
        case booleans
    }

    /// A column of these codes. A table checks them, when it is made.
    public init(dictionary: StringTable, codes: [Int32]) {
        self.init(dictionary: dictionary, codes: codes, origin: .text)
    }

    package init(dictionary: StringTable, codes: [Int32], origin: Origin) {
        self.dictionary = dictionary
        self.codes = codes
        self.origin = origin
    }
}

/// A column of lists: row `i` holds the categories `codes[offsets[i]..<offsets[i + 1]]`. A missing list is an empty
/// one, and a missing value in a list is left out, so no code is -1.
///
/// ``Column/lists(_:)`` makes one of lists of text; this is for who has codes already:
///
/// ```swift
/// // Three rows: cup and final, none, cup.
/// let tags = MultiColumn(dictionary: StringTable(["cup", "final"]), offsets: [0, 2, 2, 3], codes: [0, 1, 0])
/// print(Column.multi(tags).count)  // 3
/// ```
public struct MultiColumn: Sendable {
    /// The texts of the categories.
    public var dictionary: StringTable
    /// Where each row's codes begin, and at the end `codes.count`: one number more than there are rows.
    public var offsets: [Int]
    /// The rows' categories, one row after the other.
    public var codes: [Int32]

    /// A column of these lists. A table checks them, when it is made.
    public init(dictionary: StringTable, offsets: [Int], codes: [Int32]) {
        self.dictionary = dictionary
        self.offsets = offsets
        self.codes = codes
    }
}

/// One column of a table.
///
/// ```swift
/// let hour = Column.numeric([8.5, .nan, 21])
/// let device = Column.text(["phone", nil, "laptop"])
/// let topics = Column.lists([["cup", "final"], [], ["cup"]])
/// let table = try Table([("hour", hour), ("device", device), ("topics", topics)])
/// ```
public enum Column: Sendable {
    /// Numbers; NaN where one is missing.
    case numeric([Double])
    /// Categories; ``text(_:)`` makes them of texts.
    case categorical(CategoricalColumn)
    /// Lists of categories; ``lists(_:)`` makes them of texts.
    case multi(MultiColumn)
    /// No value in any row, and so no kind: it takes no memory, and fits wherever values may be missing.
    case missing(count: Int)

    /// A column of text; nil is missing.
    public static func text(_ values: some Sequence<String?>) -> Column {
        var dictionary = StringTable()
        let codes = values.map { value in value.map { dictionary.insert($0) } ?? -1 }
        return .categorical(CategoricalColumn(dictionary: dictionary, codes: codes))
    }

    /// A column of lists of text.
    public static func lists(_ values: some Sequence<[String]>) -> Column {
        var dictionary = StringTable()
        var offsets = [0]
        var codes: [Int32] = []
        for list in values {
            for value in list { codes.append(dictionary.insert(value)) }
            offsets.append(codes.count)
        }
        return .multi(MultiColumn(dictionary: dictionary, offsets: offsets, codes: codes))
    }

    /// The number of rows.
    public var count: Int {
        switch self {
        case .numeric(let values): values.count
        case .categorical(let column): column.codes.count
        case .multi(let column): max(0, column.offsets.count - 1)
        case .missing(let count): count
        }
    }

    /// Whether no row has a value, whatever its kind would be.
    var hasNoValue: Bool {
        switch self {
        case .numeric(let values): values.allSatisfy(\.isNaN)
        case .categorical(let column): column.codes.allSatisfy { $0 < 0 }
        case .multi(let column): column.codes.isEmpty
        case .missing: true
        }
    }

    /// What the column holds, in the words of an error message.
    package var kindName: String {
        switch self {
        case .numeric: "numbers"
        case .categorical: "categories"
        case .multi: "lists"
        case .missing: "missing values"
        }
    }

    /// Says what is wrong with the column's contents, which a Swift caller may have put together by hand.
    func validate(name: String) throws(CTRError) {
        switch self {
        case .numeric(let values):
            if let row = values.firstIndex(where: { $0.isInfinite }) { throw Self.infinity(name: name, row: row) }
        case .categorical(let column):
            let limit = column.dictionary.count
            if let row = column.codes.firstIndex(where: { $0 < -1 || Int($0) >= limit }) {
                throw .invalidData(
                    "column '\(name)', row \(row) (from 0): code \(column.codes[row]) is not in the dictionary of "
                        + "\(limit) entries")
            }
        case .multi(let column):
            guard column.offsets.first == 0, column.offsets.last == column.codes.count,
                zip(column.offsets, column.offsets.dropFirst()).allSatisfy({ $0 <= $1 })
            else {
                throw .invalidData(
                    "column '\(name)': the list offsets must begin at 0, ascend, and end at \(column.codes.count), "
                        + "the number of codes")
            }
            let limit = column.dictionary.count
            if let at = column.codes.firstIndex(where: { $0 < 0 || Int($0) >= limit }) {
                throw .invalidData(
                    "column '\(name)': code \(column.codes[at]) is not in the dictionary of \(limit) entries")
            }
        case .missing(let count):
            guard (0...ArrowReader.limit).contains(count) else {
                throw .invalidData("column '\(name)' has \(count) rows; between 0 and \(ArrowReader.limit) can be read")
            }
        }
    }

    static func infinity(name: String, row: Int) -> CTRError {
        .invalidData(
            "column '\(name)', row \(row) (from 0): the number is infinite; give a finite number, or null for missing")
    }
}
