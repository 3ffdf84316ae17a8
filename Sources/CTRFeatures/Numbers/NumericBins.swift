/// Quantile bins of a numeric column, for both parts of the model: a bin's number for the wide part (one weight a bin),
/// and a piecewise-linear encoding for the deep part (Gorishniy et al., 2022, section 3.2).
///
/// A value that holds much of the column, a mode, gets a bin of its own, and the quantiles are taken over the rest. A
/// column of few distinct values gets an edge at each.
package struct NumericBins: Sendable, Equatable {
    /// Ascending and distinct; bin k of the rest is [edges[k-1], edges[k]), open-ended on both sides.
    package let edges: [Double]
    /// Ascending and distinct.
    package let modes: [Double]

    package static let maximumBins = 32
    /// A value with at least this share of the column is a mode.
    static let modeShare = 0.1
    /// Shares of that size are at most so many.
    package static let mostModes = 10
    /// However few rows and bins are asked for; so it was once, too, where one bin was.
    package static let fewestBins = 2

    /// Ids: 0 missing, then the modes, then the bins of the rest.
    package var idCount: Int { 1 + modes.count + edges.count + 1 }
    /// Width of the deep encoding: one a bin between edges, one a mode, one for missing.
    package var width: Int { segments + modes.count + 1 }
    package var segments: Int { max(edges.count - 1, 0) }

    package init(edges: [Double], modes: [Double]) {
        self.edges = edges
        self.modes = modes
    }

    package init(fitting column: [Double], maximumBins: Int = NumericBins.maximumBins) {
        let sorted = SortedNumbers(column).values
        // A bin wants some tens of rows to learn from.
        let bins = min(maximumBins, max(Self.fewestBins, sorted.count / 20))
        let threshold = Double(sorted.count) * Self.modeShare
        // The first distinct values, and those that are modes with the range that each fills.
        var distinct: [Double] = []
        var modes: [(value: Double, range: Range<Int>)] = []
        var start = 0
        while start < sorted.count {
            let value = sorted[start]
            var end = start + 1
            while end < sorted.count, sorted[end] == value { end += 1 }
            if distinct.count <= bins + 1 { distinct.append(value) }
            if Double(end - start) >= threshold { modes.append((value, start..<end)) }
            start = end
        }
        if distinct.count <= bins + 1 {
            self.init(edges: distinct, modes: [])
            return
        }
        let rest = modes.reduce(sorted.count) { $0 - $1.range.count }
        var edges: [Double] = []
        if rest > 0 {
            for bin in 0...bins {
                var index = min(rest - 1, bin * (rest - 1) / bins)
                for mode in modes where mode.range.lowerBound <= index { index += mode.range.count }
                if edges.last != sorted[index] { edges.append(sorted[index]) }
            }
        }
        self.init(edges: edges, modes: modes.map(\.value))
    }

    func withEdges<R>(_ body: (BinEdges) -> R) -> R {
        edges.withUnsafeBufferPointer { edges in
            modes.withUnsafeBufferPointer { modes in body(BinEdges(edges: edges, modes: modes)) }
        }
    }

    /// The segment in which the deep encoding of this id stops, nil for a missing value or where there is none.
    package func segment(of id: Int32) -> Int? {
        guard segments > 0, id > 0 else { return nil }
        let index = Int(id) - 1
        let above = index < modes.count ? withEdges { $0.edgesNotAbove(modes[index]) } : index - modes.count
        return min(max(above - 1, 0), segments - 1)
    }
}
