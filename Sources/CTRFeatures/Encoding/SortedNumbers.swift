/// A column's numbers in ascending order, without its missing ones. 0 and -0 are one.
struct SortedNumbers {
    let values: [Double]

    /// Below this many the standard library's sort is as fast.
    private static let fewest = 4096
    private static let digitBits = 11
    private static let digits = 6

    init(_ column: [Double]) {
        guard column.count >= Self.fewest else {
            values = column.lazy.filter { !$0.isNaN }.map { $0 == 0 ? 0 : $0 }.sorted()
            return
        }
        var keys = [UInt64](unsafeUninitializedCapacity: column.count) { keys, count in
            for value in column where !value.isNaN {
                keys[count] = Self.key(value)
                count += 1
            }
        }
        Self.sort(&keys)
        values = [Double](unsafeUninitializedCapacity: keys.count) { values, count in
            for key in keys {
                values[count] = Self.value(key)
                count += 1
            }
        }
    }

    /// Unsigned numbers in the order of the doubles.
    @inline(__always)
    private static func key(_ value: Double) -> UInt64 {
        let bits = (value == 0 ? 0 : value).bitPattern
        return bits >> 63 == 0 ? bits | 1 << 63 : ~bits
    }

    @inline(__always)
    private static func value(_ key: UInt64) -> Double {
        Double(bitPattern: key >> 63 == 0 ? ~key : key & ~(1 << 63))
    }

    /// Radix sort from the lowest digit; a digit that all keys share is passed over.
    private static func sort(_ keys: inout [UInt64]) {
        let size = 1 << digitBits
        var counts = [Int](repeating: 0, count: size * digits)
        counts.withUnsafeMutableBufferPointer { counts in
            for key in keys {
                for digit in 0..<digits {
                    counts[digit * size + Int(truncatingIfNeeded: key >> UInt64(digit * digitBits)) & (size - 1)] += 1
                }
            }
        }
        var other = [UInt64](repeating: 0, count: keys.count)
        for digit in 0..<digits {
            var places = Array(counts[digit * size..<(digit + 1) * size])
            if places.contains(keys.count) { continue }
            var sum = 0
            for index in 0..<size { (places[index], sum) = (sum, sum + places[index]) }
            let shift = UInt64(digit * digitBits)
            places.withUnsafeMutableBufferPointer { places in
                other.withUnsafeMutableBufferPointer { other in
                    for key in keys {
                        let value = Int(truncatingIfNeeded: key >> shift) & (size - 1)
                        other[places[value]] = key
                        places[value] += 1
                    }
                }
            }
            swap(&keys, &other)
        }
    }
}
