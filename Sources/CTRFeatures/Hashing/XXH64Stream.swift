/// The same hash of bytes that come piece by piece.
package struct XXH64Stream: Sendable {
    private let seed: UInt64
    private var lanes: (UInt64, UInt64, UInt64, UInt64)
    private var total: UInt64 = 0
    /// The bytes after the last whole stripe of 32.
    private var rest: [UInt8] = []

    package init(seed: UInt64 = 0) {
        self.seed = seed
        lanes = (seed &+ XXH64.prime1 &+ XXH64.prime2, seed &+ XXH64.prime2, seed, seed &- XXH64.prime1)
    }

    package mutating func update(_ bytes: UnsafeRawBufferPointer) {
        total &+= UInt64(truncatingIfNeeded: bytes.count)
        var bytes = bytes
        if !rest.isEmpty {
            let missing = min(32 - rest.count, bytes.count)
            rest.append(contentsOf: bytes[..<missing])
            bytes = UnsafeRawBufferPointer(rebasing: bytes[missing...])
            guard rest.count == 32 else { return }
            rest.withUnsafeBytes { takeStripes($0) }
            rest.removeAll(keepingCapacity: true)
        }
        let whole = bytes.count / 32 * 32
        takeStripes(UnsafeRawBufferPointer(rebasing: bytes[..<whole]))
        rest.append(contentsOf: bytes[whole...])
    }

    private mutating func takeStripes(_ stripes: UnsafeRawBufferPointer) {
        guard let base = stripes.baseAddress else { return }
        var (a, b, c, d) = lanes
        for at in stride(from: 0, to: stripes.count, by: 32) {
            a = XXH64.round(a, XXH64.word64(base, at))
            b = XXH64.round(b, XXH64.word64(base, at + 8))
            c = XXH64.round(c, XXH64.word64(base, at + 16))
            d = XXH64.round(d, XXH64.word64(base, at + 24))
        }
        lanes = (a, b, c, d)
    }

    /// The hash of all bytes so far.
    package var hash: UInt64 {
        var hash = seed &+ XXH64.prime5
        if total >= 32 {
            let (a, b, c, d) = lanes
            hash = XXH64.rotate(a, 1) &+ XXH64.rotate(b, 7) &+ XXH64.rotate(c, 12) &+ XXH64.rotate(d, 18)
            hash = XXH64.merge(XXH64.merge(XXH64.merge(XXH64.merge(hash, a), b), c), d)
        }
        hash &+= total
        return rest.withUnsafeBytes { rest in
            rest.baseAddress.map { XXH64.finish(hash, $0, 0, rest.count) } ?? XXH64.avalanche(hash)
        }
    }
}
