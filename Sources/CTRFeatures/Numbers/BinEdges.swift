/// The edges and modes of `NumericBins` in plain memory, for as long as their owner keeps them.
struct BinEdges: @unchecked Sendable {
    let edges: UnsafeBufferPointer<Double>
    let modes: UnsafeBufferPointer<Double>

    /// Above this many edges the number of those below a value is found by bisection.
    private static let mostCounted = 64

    /// The value's id, and where it lies between its bin's edges (0...1; 0 for a missing value).
    @inline(__always)
    func encode(_ value: Double) -> (id: Int32, fraction: Float) {
        if value.isNaN { return (0, 0) }
        let above = edgesNotAbove(value)
        let fraction = position(of: value, above: above)
        for index in 0..<modes.count where modes[index] == value {
            return (Int32(truncatingIfNeeded: 1 + index), fraction)
        }
        return (Int32(truncatingIfNeeded: 1 + modes.count + above), fraction)
    }

    @inline(__always)
    func edgesNotAbove(_ value: Double) -> Int {
        guard edges.count <= Self.mostCounted, let base = edges.baseAddress else { return bisect(value) }
        // Counting all of them has no branch to mispredict.
        let values = SIMD4(repeating: value)
        var counts = SIMD4<Int64>()
        var index = 0
        while index &+ 4 <= edges.count {
            let part = UnsafeRawPointer(base + index).loadUnaligned(as: SIMD4<Double>.self)
            counts.replace(with: counts &+ 1, where: part .<= values)
            index &+= 4
        }
        var below = Int(counts.wrappedSum())
        while index < edges.count, base[index] <= value {
            below &+= 1
            index &+= 1
        }
        return below
    }

    private func bisect(_ value: Double) -> Int {
        var low = 0
        var high = edges.count
        while low < high {
            let middle = (low + high) / 2
            if edges[middle] <= value { low = middle + 1 } else { high = middle }
        }
        return low
    }

    @inline(__always)
    private func position(of value: Double, above: Int) -> Float {
        let segments = max(edges.count - 1, 0)
        guard segments > 0 else { return 0 }
        let segment = min(max(above - 1, 0), segments - 1)
        let width = edges[segment + 1] - edges[segment]
        // Of edges so far apart the halves are not.
        let share =
            width.isFinite
            ? (value - edges[segment]) / width
            : (value / 2 - edges[segment] / 2) / (edges[segment + 1] / 2 - edges[segment] / 2)
        return share.isNaN ? 0 : Float(min(max(share, 0), 1))
    }
}
