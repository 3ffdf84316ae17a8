import CTRKernels

/// The rows of a vocabulary's whole numbers, looked up by the number: what an integer column is read with, without a
/// text made and hashed for each value. It holds every category that is the decimal text of an Int64.
struct IntegerIndex: Sendable {
    private enum Storage: Sendable {
        /// Numbers that lie close together: the row of each from the least on.
        case dense(least: Int64, rows: IndexBuffer)
        /// Each number's index in `rows`.
        case sparse(NumberTable, rows: IndexBuffer)
    }

    private let storage: Storage

    /// Nil where few of the categories are whole numbers.
    init?(_ vocabulary: Vocabulary) {
        let values = vocabulary.values
        guard vocabulary.buckets == 0, values.count > 0 else { return nil }
        var found: [(number: Int64, row: Int32)] = []
        for index in 0..<values.count {
            // The first hundred tell whether to go on.
            if index == 100, found.count < 50 { return nil }
            guard let number = values.withBytes(of: index, Self.number) else { continue }
            found.append((number, Int32(truncatingIfNeeded: index + Vocabulary.reserved)))
        }
        guard found.count * 2 >= values.count, let least = found.map(\.number).min(),
            let most = found.map(\.number).max()
        else { return nil }
        let (range, overflow) = most.subtractingReportingOverflow(least)
        if !overflow, range < Int64(4 * found.count + 1024) {
            let rows = IndexBuffer([Int32](repeating: Vocabulary.unknown, count: Int(range) + 1))
            for (number, row) in found { rows.base[Int(number - least)] = row }
            storage = .dense(least: least, rows: rows)
        } else {
            var numbers = NumberTable()
            for (number, _) in found { _ = numbers.insert(UInt64(bitPattern: number)) }
            storage = .sparse(numbers, rows: IndexBuffer(found.map(\.row)))
        }
    }

    /// The number of which the bytes are the decimal text as `Column.categoryText` writes it.
    private static func number(_ text: UnsafeRawBufferPointer) -> Int64? {
        let isNegative = text.first == UInt8(ascii: "-")
        let digits = text.dropFirst(isNegative ? 1 : 0)
        guard let first = digits.first, digits.count <= 19, first != UInt8(ascii: "0") || text.count == 1 else {
            return nil
        }
        var magnitude: UInt64 = 0
        for digit in digits {
            guard (0x30...0x39).contains(digit) else { return nil }
            magnitude = magnitude * 10 + UInt64(digit - 0x30)
        }
        if isNegative { return magnitude <= 1 << 63 ? Int64(truncatingIfNeeded: 0 &- magnitude) : nil }
        return Int64(exactly: magnitude)
    }
}

extension IntegerIndex {
    /// The index in plain memory, for as long as it lives.
    struct View: @unchecked Sendable {
        fileprivate let numbers: NumberTable.View?
        fileprivate let least: Int64
        fileprivate let rows: UnsafePointer<Int32>
        fileprivate let count: Int

        @inline(__always)
        func row(of number: Int64) -> Int32 {
            guard let numbers else {
                let index = UInt64(bitPattern: number &- least)
                return index < UInt64(count) ? rows[Int(index)] : Vocabulary.unknown
            }
            let index = numbers.find(UInt64(bitPattern: number))
            return index < 0 ? Vocabulary.unknown : rows[Int(index)]
        }
    }

    var view: View {
        switch storage {
        case .dense(let least, let rows):
            View(numbers: nil, least: least, rows: UnsafePointer(rows.base), count: rows.count)
        case .sparse(let numbers, let rows):
            View(numbers: numbers.view, least: 0, rows: UnsafePointer(rows.base), count: rows.count)
        }
    }
}
