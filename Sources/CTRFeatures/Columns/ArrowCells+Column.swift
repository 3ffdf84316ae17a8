import CTRKernels

/// The values as a whole column, in memory of its own.
extension ArrowCells {
    func column() throws(ArrowFault) -> Column {
        // Of a list's values and a dictionary's entries there may be more than rows: numbers, or codes and those kept.
        if kind != .null, count > Self.fewValues, !Memory.holds(Memory.bytes(count, each: 16)) { throw .memory(count) }
        switch kind {
        case .null: return .missing(count: count)
        case .bool: return booleans()
        case .text, .largeText, .textView: return try texts()
        case .int64, .uint64: return areDoublesExact ? try numbers() : try wholeNumbers()
        default: return try numbers()
        }
    }

    /// So many take no memory to speak of.
    private static var fewValues: Int { 10_000 }

    private func numbers() throws(ArrowFault) -> Column {
        let numbers = [Double](unsafeUninitializedCapacity: count) { target, filled in
            forEach { row, cell in target[row] = cell.number ?? .infinity }
            filled = count
        }
        if let row = numbers.firstIndex(where: { $0.isInfinite }) { throw fault(row) }
        return .numeric(numbers)
    }

    /// Where an integer of 64 bits reaches 2^53 in magnitude, a Double may not hold it exactly; such a column is one of
    /// ids, and becomes categories of exact decimal text.
    private var areDoublesExact: Bool {
        var most: UInt64 = 0
        forEach { _, cell in if case .integer(let magnitude, _) = cell { most = max(most, magnitude) } }
        return most < 1 << 53
    }

    private func wholeNumbers() throws(ArrowFault) -> Column {
        var numbers = NumberTable()
        var codes = [Int32](repeating: -1, count: count)
        forEach { row, cell in
            guard case .integer(let magnitude, let isNegative) = cell else { return }
            codes[row] = numbers.insert(isNegative ? 0 &- magnitude : magnitude)
        }
        let isSigned = kind == .int64
        let dictionary = StringTable(
            numbers.keys.lazy.map { isSigned ? String(Int64(bitPattern: $0)) : String($0) })
        if numbers.lacksMemory || dictionary.lacksMemory { throw .memory(count) }
        return .categorical(CategoricalColumn(dictionary: dictionary, codes: codes, origin: .numbers))
    }

    private func booleans() -> Column {
        var codes = [Int32](repeating: -1, count: count)
        forEach { row, cell in if case .boolean(let value) = cell { codes[row] = value ? 1 : 0 } }
        return .categorical(
            CategoricalColumn(dictionary: StringTable(["false", "true"]), codes: codes, origin: .booleans))
    }

    /// Dictionary-encodes the rows' bytes; each distinct text is checked for UTF-8 once.
    private func texts() throws(ArrowFault) -> Column {
        var dictionary = StringTable()
        var codes = [Int32](repeating: -1, count: count)
        try forEach(isTextChecked: false) { (row, cell) throws(ArrowFault) in
            switch cell {
            case .missing: break
            case .text(let bytes):
                let known = dictionary.count
                codes[row] = dictionary.insert(bytes)
                if codes[row] < 0 { throw .memory(count) }
                if dictionary.count > known, !UTF8Check.isValid(bytes) { throw fault(row) }
            default: throw fault(row)
            }
        }
        return .categorical(CategoricalColumn(dictionary: dictionary, codes: codes))
    }
}
