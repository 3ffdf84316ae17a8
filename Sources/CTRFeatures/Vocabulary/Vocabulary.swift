import CTRKernels

/// The ids of a categorical column: every value seen often enough has its own row of weights, the others share one.
///
/// Rows: 0 missing, 1 unknown (rare in training, or never seen), then the listed values. Past `maximumSize` values the
/// column is hashed into that many rows instead (XXH64 of the value, the same in every process).
///
/// False and 0 are one value, and so are true and 1: whichever of the two texts is listed stands for both
/// (`BooleanTwin`), so that a column of bools may come back as numbers.
package struct Vocabulary: Sendable {
    package static let missing: Int32 = 0
    package static let unknown: Int32 = 1
    package static let reserved = 2
    package static let maximumSize = 1 << 20

    package private(set) var values = StringTable()
    package private(set) var counts: [Int] = []
    /// Values seen too rarely so far, with their counts: continued training may yet list them.
    package private(set) var pending = StringTable()
    package private(set) var pendingCounts: [Int] = []
    /// Rows to hash into, 0 while the values are listed.
    package private(set) var buckets = 0
    package let minimumCount: Int

    /// Learns a column. More values than `maximumSize` are hashed, without being listed first.
    init(
        dictionary: StringTable, codes: [Int32], minimumCount: Int, maximumSize: Int = Vocabulary.maximumSize
    ) {
        self.init(minimumCount: minimumCount)
        let (occurrences, order) = Self.count(dictionary, codes)
        let listed = order.reduce(0) { occurrences[$1] >= self.minimumCount ? $0 + 1 : $0 }
        if listed > maximumSize {
            buckets = maximumSize
        } else if listed == dictionary.count, order.indices.allSatisfy({ order[$0] == $0 }) {
            // The dictionary is the vocabulary: they share their text.
            (values, counts) = (dictionary, occurrences)
        } else {
            extend(dictionary, occurrences, order)
        }
    }

    package init(minimumCount: Int) { self.minimumCount = max(minimumCount, 1) }

    package init(
        values: StringTable, counts: [Int], pending: StringTable, pendingCounts: [Int], buckets: Int, minimumCount: Int
    ) {
        self.values = values
        self.counts = counts
        self.pending = pending
        self.pendingCounts = pendingCounts
        self.buckets = buckets
        self.minimumCount = minimumCount
    }

    package var rowCount: Int { Self.reserved + (buckets > 0 ? buckets : values.count) }

    /// Counts the occurrences of a column's values and lists those that have become frequent enough, in the order in
    /// which the rows have them: the dictionary's own order says nothing of the data. Listed values keep their rows.
    package mutating func extend(dictionary: StringTable, codes: [Int32]) {
        if buckets > 0 { return }
        let (occurrences, order) = Self.count(dictionary, codes)
        extend(dictionary, occurrences, order)
    }

    /// How often each entry of a column's dictionary occurs, and the entries that do in the order of their first rows.
    private static func count(_ dictionary: StringTable, _ codes: [Int32]) -> (occurrences: [Int], order: [Int]) {
        var occurrences = [Int](repeating: 0, count: dictionary.count)
        var order: [Int] = []
        occurrences.withUnsafeMutableBufferPointer { occurrences in
            for code in codes where code >= 0 && Int(code) < occurrences.count {
                if occurrences[Int(code)] == 0 { order.append(Int(code)) }
                occurrences[Int(code)] += 1
            }
        }
        return (occurrences, order)
    }

    private mutating func extend(_ dictionary: StringTable, _ occurrences: [Int], _ order: [Int]) {
        var stillPending = StringTable()
        var stillPendingCounts: [Int] = []
        let listed = values.count
        /// What one column has beside its twin is another category, text as it is.
        func row(_ bytes: UnsafeRawBufferPointer) -> Int32? {
            if let row = values.find(bytes) { return row }
            guard let twin = BooleanTwin.find(bytes, { values.find($0) }), twin < listed else { return nil }
            return twin
        }
        for index in order {
            dictionary.withBytes(of: index) { bytes in
                if let row = row(bytes) {
                    counts[Int(row)] = Tally.sum(counts[Int(row)], occurrences[index])
                    return
                }
                let earlier = pending.find(bytes).map { pendingCounts[Int($0)] } ?? 0
                let total = Tally.sum(earlier, occurrences[index])
                if total >= minimumCount {
                    if values.insert(bytes) >= 0 { counts.append(total) }
                } else if stillPending.insert(bytes) >= 0 {
                    stillPendingCounts.append(total)
                }
            }
        }
        for index in 0..<pending.count {
            pending.withBytes(of: index) { bytes in
                if values.find(bytes) == nil, stillPending.find(bytes) == nil {
                    if stillPending.insert(bytes) >= 0 { stillPendingCounts.append(pendingCounts[index]) }
                }
            }
        }
        pending = stillPending
        pendingCounts = stillPendingCounts
    }

    /// The row of each entry of a column's dictionary.
    package func rows(of dictionary: StringTable) -> [Int32] {
        if buckets == 0, dictionary.isSame(as: values) {
            return (0..<dictionary.count).map { Int32(truncatingIfNeeded: $0 + Self.reserved) }
        }
        defer { withExtendedLifetime(self) {} }
        let view = view
        return (0..<dictionary.count).map { index in dictionary.withBytes(of: index) { view.row(of: $0) } }
    }
}

extension Vocabulary {
    /// The look-up in plain memory, for as long as the vocabulary lives and is not changed.
    struct View: Sendable {
        fileprivate let values: StringTable.View
        fileprivate let buckets: UInt64

        @inline(__always)
        func row(of bytes: UnsafeRawBufferPointer) -> Int32 {
            if buckets > 0 { return Int32(truncatingIfNeeded: Vocabulary.reserved + Int(XXH64.hash(bytes) % buckets)) }
            let index = values.find(bytes, hash: KeyedHash.hash(bytes))
            if index >= 0 { return index + Int32(Vocabulary.reserved) }
            return twinRow(of: bytes)
        }

        @inline(never)
        private func twinRow(of bytes: UnsafeRawBufferPointer) -> Int32 {
            let index = BooleanTwin.find(bytes) { twin in
                let index = values.find(twin, hash: KeyedHash.hash(twin))
                return index < 0 ? nil : index
            }
            return index.map { $0 + Int32(Vocabulary.reserved) } ?? Vocabulary.unknown
        }
    }

    @inline(__always)
    var view: View { View(values: values.view, buckets: UInt64(max(buckets, 0))) }
}
