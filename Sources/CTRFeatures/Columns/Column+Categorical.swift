extension Column {
    /// The column as categories; nil for a column of lists.
    ///
    /// A number becomes its decimal text: a whole number below 2^53 in magnitude as an integer, so that 3 and 3.0 are
    /// one category, any other in its shortest form that reads back the same. NaN is missing; 0 and -0 are one.
    package func asCategorical() -> CategoricalColumn? {
        switch self {
        case .categorical(let column): column
        case .numeric(let values): Self.categories(of: values)
        case .multi: nil
        case .missing(let count):
            CategoricalColumn(dictionary: StringTable(), codes: [Int32](repeating: -1, count: count))
        }
    }

    /// The text of a number as a category.
    package static func categoryText(_ value: Double) -> String {
        if let whole = Int64(exactly: value), whole.magnitude < 1 << 53 { return String(whole) }
        return value.description
    }

    private static func categories(of values: [Double]) -> CategoricalColumn {
        // The numbers are told apart by their bits first, so that each distinct one is put into text once.
        var numbers = NumberTable()
        let codes = values.map { value in
            value.isNaN ? -1 : numbers.insert((value == 0 ? 0.0 : value).bitPattern)
        }
        return CategoricalColumn(
            dictionary: StringTable(numbers.keys.lazy.map { categoryText(Double(bitPattern: $0)) }), codes: codes,
            origin: .numbers)
    }

    /// The column as numbers, NaN where one is missing: numbers as they are, categories that were read from numbers
    /// (64-bit integers beyond 2^53 round to the nearest Double), and booleans as 0 and 1. Nil for text and for lists.
    package func asNumeric() -> [Double]? {
        switch self {
        case .numeric(let values): return values
        case .multi: return nil
        case .missing(let count): return [Double](repeating: .nan, count: count)
        case .categorical(let column):
            let numbers: [Double]
            switch column.origin {
            case .text: return nil
            case .numbers: numbers = column.dictionary.strings.map { Double($0) ?? .nan }
            case .booleans: numbers = column.dictionary.strings.map { $0 == "true" ? 1 : 0 }
            }
            return column.codes.map { numbers.indices.contains(Int($0)) ? numbers[Int($0)] : .nan }
        }
    }
}
