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
        default: return try numbers()
        }
    }

    /// So many take no memory to speak of.
    private static var fewValues: Int { 10_000 }

    private func numbers() throws(ArrowFault) -> Column {
        let numbers = [Double](unsafeUninitializedCapacity: count) { target, filled in
            guard let base = target.baseAddress else { return }
            forEach { row, cell in base[row] = cell.number ?? .infinity }
            filled = count
        }
        if kind == .int64 || kind == .uint64 {
            // From there on a Double may not hold them exactly: they are ids.
            if numbers.contains(where: { $0.magnitude >= 0x1p53 }) { return try ids() }
        } else if let row = numbers.firstIndex(where: { $0.isInfinite }) {
            throw fault(row)
        }
        return .numeric(numbers)
    }

    /// Whole numbers as categories of exact decimal text.
    private func ids() throws(ArrowFault) -> Column {
        var numbers = NumberTable()
        var codes = [Int32](repeating: -1, count: count)
        forEach { row, cell in
            switch cell {
            case .integer(let value): codes[row] = numbers.insert(UInt64(bitPattern: value))
            case .large(let value): codes[row] = numbers.insert(value)
            default: break
            }
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
