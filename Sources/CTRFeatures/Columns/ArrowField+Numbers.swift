import CArrow

extension ArrowField {
    /// Integers of one width. Where one of 64 bits reaches 2^53 in magnitude, a Double may not hold it exactly; such a
    /// column is one of ids, and becomes categories of exact decimal text.
    @inline(__always)
    func integers<T: FixedWidthInteger & BitwiseCopyable>(_ type: T.Type) throws(CTRError) -> Column {
        try expectBuffers(2)
        guard count > 0 else { return .numeric([]) }
        let values = try buffer(1)
        if T.bitWidth == 64 {
            let exact: T.Magnitude = 1 << 53
            for row in 0..<count where element(values, row, type).magnitude >= exact && isValid(row) {
                return exactIntegers(values, type)
            }
        }
        return .numeric(doubles { Double(element(values, $0, type)) })
    }

    /// Floats, by their bits.
    @inline(__always)
    func floats<T: FixedWidthInteger & BitwiseCopyable>(
        _ type: T.Type, _ decode: (T) -> Double
    ) throws(CTRError) -> Column {
        try expectBuffers(2)
        guard count > 0 else { return .numeric([]) }
        let values = try buffer(1)
        let numbers = doubles { decode(element(values, $0, type)) }
        if let row = numbers.firstIndex(where: { $0.isInfinite }) {
            throw invalid(row: row, "the number is infinite; give a finite number, or null for missing")
        }
        return .numeric(numbers)
    }

    func bools() throws(CTRError) -> Column {
        try expectBuffers(2)
        let dictionary = StringTable(["false", "true"])
        guard count > 0 else {
            return .categorical(CategoricalColumn(dictionary: dictionary, codes: [], origin: .booleans))
        }
        let bits = try buffer(1)
        let codes = (0..<count).map { row -> Int32 in isValid(row) ? (Self.bit(bits, start + row) ? 1 : 0) : -1 }
        return .categorical(CategoricalColumn(dictionary: dictionary, codes: codes, origin: .booleans))
    }

    /// The value of IEEE 754 half-precision bits.
    static func half(_ bits: UInt16) -> Double {
        let fraction = Double(bits & 0x3FF)
        let exponent = Int(bits >> 10 & 0x1F)
        let magnitude: Double
        switch exponent {
        case 0: magnitude = fraction / 16_777_216
        case 31: magnitude = fraction == 0 ? .infinity : .nan
        default: magnitude = Double(sign: .plus, exponent: exponent - 15, significand: 1 + fraction / 1024)
        }
        return bits & 0x8000 == 0 ? magnitude : -magnitude
    }

    /// Element `row` of a buffer; the buffer need not be aligned.
    @inline(__always)
    func element<T: BitwiseCopyable>(_ values: UnsafeRawPointer, _ row: Int, _ type: T.Type) -> T {
        values.loadUnaligned(fromByteOffset: (start &+ row) &* MemoryLayout<T>.stride, as: type)
    }

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

    private func exactIntegers<T: FixedWidthInteger & BitwiseCopyable>(
        _ values: UnsafeRawPointer, _ type: T.Type
    ) -> Column {
        var numbers = NumberTable()
        let codes = (0..<count).map { row -> Int32 in
            isValid(row) ? numbers.insert(UInt64(truncatingIfNeeded: element(values, row, type))) : -1
        }
        let dictionary = StringTable(numbers.keys.lazy.map { String(T(truncatingIfNeeded: $0)) })
        return .categorical(CategoricalColumn(dictionary: dictionary, codes: codes, origin: .numbers))
    }
}
