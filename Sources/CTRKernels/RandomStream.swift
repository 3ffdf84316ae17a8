/// A repeatable stream of random numbers: SplitMix64 (Steele, Lea and Flood, 2014). A stream is named by its seed and
/// keys, such as the step and the shard, so that it does not depend on which thread draws first.
package struct RandomStream: RandomNumberGenerator, Sendable {
    private var state: UInt64

    /// Up to three keys. (Not variadic: that would be an array on the heap for each stream.)
    package init(seed: UInt64, _ first: UInt64? = nil, _ second: UInt64? = nil, _ third: UInt64? = nil) {
        state = Self.mix(seed &+ 0x9E37_79B9_7F4A_7C15)
        add(first)
        add(second)
        add(third)
    }

    private mutating func add(_ key: UInt64?) {
        guard let key else { return }
        state = Self.mix(state ^ (key &+ 0x9E37_79B9_7F4A_7C15 &+ (state << 6) &+ (state >> 2)))
    }

    /// As if so many numbers had been drawn.
    package mutating func skip(_ draws: Int) {
        state &+= 0x9E37_79B9_7F4A_7C15 &* UInt64(truncatingIfNeeded: draws)
    }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        return Self.mix(state)
    }

    /// Uniform in [0, 1), from the top 24 bits.
    package mutating func nextFloat() -> Float { Float(next() >> 40) * 0x1p-24 }

    /// Writes numbers of mean 0 and that standard deviation, near enough to normally distributed: sums of three uniforms.
    /// They are the same on any number of threads.
    package func fill(_ values: UnsafeMutablePointer<Float>, count: Int, deviation: Float, threads: Int) {
        let block = 1 << 16
        nonisolated(unsafe) let values = values
        ThreadPool.shared.run(tasks: (count + block - 1) / block, threads: threads) { task in
            var stream = self
            stream.skip(3 * task * block)
            for index in (task * block)..<min((task + 1) * block, count) {
                // Centred; of variance 1 after the factor 2.
                let sum = stream.nextFloat() + stream.nextFloat() + stream.nextFloat() - 1.5
                values[index] = 2 * sum * deviation
            }
        }
    }

    /// Uniform in 0..<bound (bound > 0), by the multiply-shift method; its bias is below 2^-32 for bounds below 2^32.
    package mutating func nextIndex(below bound: Int) -> Int {
        Int(truncatingIfNeeded: next().multipliedFullWidth(by: UInt64(max(bound, 1))).high)
    }

    /// Fisher–Yates.
    package mutating func shuffle(_ values: inout [Int32]) {
        guard values.count > 1 else { return }
        for last in stride(from: values.count - 1, through: 1, by: -1) {
            values.swapAt(last, nextIndex(below: last + 1))
        }
    }

    package static func mix(_ value: UInt64) -> UInt64 {
        var mixed = value
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
