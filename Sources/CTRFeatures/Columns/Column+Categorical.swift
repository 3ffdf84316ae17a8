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

/// Distinct 64-bit patterns in the order of first insertion, as `StringTable` is for text.
struct NumberTable {
    private(set) var keys: [UInt64] = []
    private var slots = [Int32](repeating: -1, count: 16)

    /// The pattern's index. (-1 once two thousand million are there.)
    mutating func insert(_ key: UInt64) -> Int32 {
        if (keys.count + 1) * 2 > slots.count { grow() }
        let slot = Self.probe(key, slots, keys)
        if slots[slot] >= 0 { return slots[slot] }
        guard keys.count < Int(Int32.max) - 1 else { return -1 }
        let index = Int32(truncatingIfNeeded: keys.count)
        keys.append(key)
        slots[slot] = index
        return index
    }

    private mutating func grow() {
        var fresh = [Int32](repeating: -1, count: slots.count * 2)
        for (index, key) in keys.enumerated() {
            fresh[Self.probe(key, fresh, keys)] = Int32(truncatingIfNeeded: index)
        }
        slots = fresh
    }

    /// The slot that holds the key, or the free one where it belongs.
    private static func probe(_ key: UInt64, _ slots: [Int32], _ keys: [UInt64]) -> Int {
        // The finaliser of MurmurHash3: small whole numbers differ in their high bits alone.
        var hash = key
        hash ^= hash &>> 33
        hash = hash &* 0xFF51_AFD7_ED55_8CCD
        hash ^= hash &>> 33
        hash = hash &* 0xC4CE_B9FE_1A85_EC53
        hash ^= hash &>> 33
        return slots.withUnsafeBufferPointer { slots in
            keys.withUnsafeBufferPointer { keys in
                let mask = slots.count - 1
                var slot = Int(truncatingIfNeeded: hash) & mask
                while slots[slot] >= 0, keys[Int(slots[slot])] != key { slot = (slot + 1) & mask }
                return slot
            }
        }
    }
}
