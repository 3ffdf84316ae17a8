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

    /// Ids: 0 missing, then the modes, then the bins of the rest.
    package var idCount: Int { 1 + modes.count + edges.count + 1 }
    /// Width of the deep encoding: one a bin between edges, one a mode, one for missing.
    package var width: Int { segments + modes.count + 1 }
    package var segments: Int { max(edges.count - 1, 0) }

    package init(edges: [Double], modes: [Double]) {
        self.edges = edges
        self.modes = modes
    }

    package init(fitting values: [Double], maximumBins: Int = NumericBins.maximumBins) {
        let sorted = values.filter { !$0.isNaN }.sorted()
        var distinct: [(value: Double, count: Int)] = []
        for value in sorted {
            if let last = distinct.last, last.value == value {
                distinct[distinct.count - 1].count += 1
            } else {
                distinct.append((value, 1))
            }
        }
        // A bin wants some tens of rows to learn from.
        let bins = max(2, min(maximumBins, sorted.count / 20))
        if distinct.count <= bins + 1 {
            self.init(edges: distinct.map(\.value), modes: [])
            return
        }
        let threshold = Double(sorted.count) * Self.modeShare
        let modes = distinct.filter { Double($0.count) >= threshold }.map(\.value)
        let rest = modes.isEmpty ? sorted : sorted.filter { !modes.contains($0) }
        var edges: [Double] = []
        if !rest.isEmpty {
            for bin in 0...bins {
                let edge = rest[min(rest.count - 1, bin * (rest.count - 1) / bins)]
                if edges.last != edge { edges.append(edge) }
            }
        }
        self.init(edges: edges, modes: modes)
    }

    /// The value's id, and where it lies between its bin's edges (0...1; 0 for a missing value).
    package func encode(_ value: Double) -> (id: Int32, fraction: Float) {
        withEdges { $0.encode(value) }
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
