/// A stable sort of numbers by some of their bits, in time linear in their count, with memory of its own: it allocates
/// only to grow. One thread at a time.
package final class RadixSorter: @unchecked Sendable {
    /// What is to be sorted; `reserve` makes room.
    package var values: UnsafeMutablePointer<UInt64> { from.base }
    private var from: Buffer<UInt64>
    private var to: Buffer<UInt64>
    private let starts = IndexBuffer(count: 1 << 11)

    package init(capacity: Int = 0) {
        from = Buffer(count: capacity)
        to = Buffer(count: capacity)
    }

    /// Room for so many values; those there were are kept.
    package func reserve(_ count: Int) {
        guard count > from.count else { return }
        from = from.resized(to: count + count / 2)
        to = Buffer(count: from.count)
    }

    /// An unsigned number whose order is the double's; 0 and -0 are one, NaN is above all numbers.
    package static func key(of value: Double) -> UInt64 {
        let bits = (value == 0 ? 0 : value).bitPattern
        return value < 0 ? ~bits : bits | 1 << 63
    }

    /// The double of a key.
    package static func number(of key: UInt64) -> Double {
        Double(bitPattern: key >> 63 == 0 ? ~key : key & ~(1 << 63))
    }

    /// Sorts the first `count` values by their bits `shift..<shift + bits`.
    package func sort(count: Int, shift: Int, bits: Int) {
        if count <= Self.insertionLimit { return insertionSort(count, shift: shift, bits: bits) }
        // Few values would not fill many buckets.
        let digit = count < 1024 ? 8 : 11
        let starts = self.starts.base
        for low in stride(from: shift, to: shift + bits, by: digit) {
            let (values, sorted) = (from.base, to.base)
            let mask = (UInt64(1) << UInt64(min(digit, shift + bits - low))) - 1
            let low = UInt64(low)
            for bucket in 0...Int(mask) { starts[bucket] = 0 }
            for index in 0..<count { starts[Int((values[index] >> low) & mask)] &+= 1 }
            if count == Int(starts[Int((values[0] >> low) & mask)]) { continue }  // all have this digit in common
            var sum: Int32 = 0
            for bucket in 0...Int(mask) {
                let size = starts[bucket]
                starts[bucket] = sum
                sum &+= size
            }
            for index in 0..<count {
                let bucket = Int((values[index] >> low) & mask)
                sorted[Int(starts[bucket])] = values[index]
                starts[bucket] &+= 1
            }
            swap(&from, &to)
        }
    }

    private static let insertionLimit = 24

    private func insertionSort(_ count: Int, shift: Int, bits: Int) {
        let values = from.base
        let mask = (bits < 64 ? (UInt64(1) << UInt64(bits)) - 1 : .max) << UInt64(shift)
        for index in stride(from: 1, to: count, by: 1) {
            let value = values[index]
            var position = index
            while position > 0, values[position - 1] & mask > value & mask {
                values[position] = values[position - 1]
                position -= 1
            }
            values[position] = value
        }
    }
}
