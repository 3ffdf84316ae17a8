import CTRKernels

/// A column's numbers in ascending order, without its missing ones. 0 and -0 are one.
struct SortedNumbers {
    let values: [Double]

    /// Below this many the standard library's sort is as fast.
    private static let fewest = 4096

    init(_ column: [Double]) {
        guard column.count >= Self.fewest else {
            values = column.lazy.filter { !$0.isNaN }.map { $0 == 0 ? 0 : $0 }.sorted()
            return
        }
        let sorter = RadixSorter(capacity: column.count)
        var count = 0
        for value in column where !value.isNaN {
            sorter.values[count] = RadixSorter.key(of: value)
            count += 1
        }
        sorter.sort(count: count, shift: 0, bits: 64)
        values = (0..<count).map { RadixSorter.number(of: sorter.values[$0]) }
    }
}
