/// How often each query and each document was shown and clicked so far.
package struct ClickHistory: Sendable, Equatable {
    /// The click rate of what has not been shown yet, as the testbed's logistic regression has it.
    package static let unseenRate = 0.1

    package struct Counts: Sendable, Equatable {
        package var clicks = 0
        package var impressions = 0
        package var rate: Double { impressions == 0 ? unseenRate : Double(clicks) / Double(impressions) }
        package init(clicks: Int = 0, impressions: Int = 0) {
            self.clicks = clicks
            self.impressions = impressions
        }
    }

    package private(set) var names = StringTable()
    package private(set) var counts: [Counts] = []

    package init() {}

    package init?(names: StringTable, counts: [Counts]) {
        guard names.count == counts.count else { return nil }
        self.names = names
        self.counts = counts
    }

    package static func == (left: Self, right: Self) -> Bool {
        left.counts == right.counts && left.names.bytes == right.names.bytes
            && left.names.offsets == right.names.offsets
    }

    package func rate(of name: UnsafeRawBufferPointer) -> Double {
        names.find(name).map { counts[Int($0)].rate } ?? Self.unseenRate
    }

    /// Each row's click rate over the rows before it in `order`, in one pass after the sort: O(n log n) in all. The
    /// history then holds every row.
    package mutating func rates(of column: CategoricalColumn, clicked: [Bool], order: [Int]) -> [Double] {
        let entries = (0..<column.dictionary.count).map { index in
            column.dictionary.withBytes(of: index) { bytes -> Int in
                let entry = Int(names.insert(bytes))
                if entry == counts.count { counts.append(Counts()) }
                return entry
            }
        }
        var rates = [Double](repeating: Self.unseenRate, count: order.count)
        for row in order {
            let code = Int(column.codes[row])
            guard code >= 0, code < entries.count, entries[code] >= 0 else { continue }
            let entry = entries[code]
            rates[row] = counts[entry].rate
            // Clicks stop where impressions do: there are never more of them.
            if counts[entry].impressions >= Tally.most { continue }
            counts[entry].impressions += 1
            if clicked[row] { counts[entry].clicks += 1 }
        }
        return rates
    }
}
