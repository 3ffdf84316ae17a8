import CArrow
import CTRKernels

/// The values as a whole column, in memory of its own.
extension ArrowCells {
    func column() throws(ArrowFault) -> Column {
        // Of a list's values and a dictionary's entries there may be more than rows: numbers, or codes and those kept.
        if kind != .null, count > Self.fewValues, !Memory.holds(Memory.bytes(count, each: 16)) { throw .memory(count) }
        return try read()
    }

    /// So many take no memory to speak of.
    private static var fewValues: Int { 10_000 }

    private func read() throws(ArrowFault) -> Column {
        switch kind {
        case .int8: numeric { Double(load($0, Int8.self)) }
        case .uint8: numeric { Double(load($0, UInt8.self)) }
        case .int16: numeric { Double(load($0, Int16.self)) }
        case .uint16: numeric { Double(load($0, UInt16.self)) }
        case .int32: numeric { Double(load($0, Int32.self)) }
        case .uint32: numeric { Double(load($0, UInt32.self)) }
        case .int64: try wide(Int64.self)
        case .uint64: try wide(UInt64.self)
        case .half: try finite { Self.half(load($0, UInt16.self)) }
        case .float: try finite { Double(load($0, Float.self)) }
        case .double: try finite { load($0, Double.self) }
        case .bool: bools()
        case .text: try categories(areNullsChecked: true) { text($0, Int32.self) }
        case .largeText: try categories(areNullsChecked: true) { text($0, Int64.self) }
        case .textView: try categories(areNullsChecked: false) { view($0) }
        case .null: .missing(count: count)
        }
    }

    @inline(__always)
    private func numeric(_ value: (Int) -> Double) -> Column { .numeric(doubles(value)) }

    @inline(__always)
    private func doubles(_ value: (Int) -> Double) -> [Double] {
        [Double](unsafeUninitializedCapacity: count) { target, filled in
            if validity == nil {
                for row in 0..<count { target[row] = value(row) }
            } else {
                for row in 0..<count { target[row] = isValid(row) ? value(row) : .nan }
            }
            filled = count
        }
    }

    /// Where an integer of 64 bits reaches 2^53 in magnitude, a Double may not hold it exactly; such a column is one of
    /// ids, and becomes categories of exact decimal text.
    @inline(__always)
    private func wide<T: FixedWidthInteger & BitwiseCopyable>(_ type: T.Type) throws(ArrowFault) -> Column {
        let exact: T.Magnitude = 1 << 53
        for row in 0..<count where load(row, type).magnitude >= exact && isValid(row) { return try exactIntegers(type) }
        return numeric { Double(load($0, type)) }
    }

    private func exactIntegers<T: FixedWidthInteger & BitwiseCopyable>(_ type: T.Type) throws(ArrowFault) -> Column {
        var numbers = NumberTable()
        let codes = (0..<count).map { row -> Int32 in
            isValid(row) ? numbers.insert(UInt64(truncatingIfNeeded: load(row, type))) : -1
        }
        let dictionary = StringTable(numbers.keys.lazy.map { String(T(truncatingIfNeeded: $0)) })
        if numbers.lacksMemory || dictionary.lacksMemory { throw .memory(count) }
        return .categorical(CategoricalColumn(dictionary: dictionary, codes: codes, origin: .numbers))
    }

    @inline(__always)
    private func finite(_ value: (Int) -> Double) throws(ArrowFault) -> Column {
        let numbers = doubles(value)
        if let row = numbers.firstIndex(where: { $0.isInfinite }) { throw fault(row) }
        return .numeric(numbers)
    }

    private func bools() -> Column {
        let codes = (0..<count).map { row -> Int32 in isValid(row) ? (bit(row) ? 1 : 0) : -1 }
        return .categorical(
            CategoricalColumn(dictionary: StringTable(["false", "true"]), codes: codes, origin: .booleans))
    }

    /// Dictionary-encodes the rows' bytes; each distinct text is checked for UTF-8 once.
    @inline(__always)
    private func categories(
        areNullsChecked: Bool, _ bytes: (Int) -> UnsafeRawBufferPointer?
    ) throws(ArrowFault) -> Column {
        var dictionary = StringTable()
        var codes = [Int32](repeating: -1, count: count)
        for row in 0..<count {
            let isValid = isValid(row)
            guard isValid || areNullsChecked else { continue }
            guard let text = bytes(row) else { throw fault(row) }
            guard isValid else { continue }
            let known = dictionary.count
            codes[row] = dictionary.insert(text)
            if codes[row] < 0 { throw .memory(count) }
            if dictionary.count > known, !UTF8Check.isValid(text) { throw fault(row) }
        }
        return .categorical(CategoricalColumn(dictionary: dictionary, codes: codes))
    }
}
