import Glibc
import Testing

@testable import CTRFeatures

/// Ids made to collide under the fixed hashes take no longer than others.
@Suite struct HashFloodingTests {
    /// Processor time of this thread in nanoseconds, the least of five: what else the machine does only adds to it.
    private func time(_ body: () -> Void) -> Double {
        func now() -> Double {
            var time = timespec()
            clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
            return Double(time.tv_sec) * 1e9 + Double(time.tv_nsec)
        }
        return (0..<5).reduce(.infinity) { least, _ in
            let before = now()
            body()
            return min(least, now() - before)
        }
    }

    private static func inverse(_ odd: UInt64) -> UInt64 {
        var inverse = odd
        for _ in 0..<6 { inverse = inverse &* (2 &- odd &* inverse) }
        return inverse
    }

    private static func rotated(_ value: UInt64, _ bits: UInt64) -> UInt64 {
        value << bits | value >> (64 - bits)
    }

    /// What XXH64's last steps make the hash of.
    private static func beforeLast(_ hash: UInt64) -> UInt64 {
        var value = hash ^ hash >> 32
        value = value &* inverse(0x1656_67B1_9E37_79F9)
        value ^= value >> 29 ^ value >> 58
        value = value &* inverse(0xC2B2_AE3D_27D4_EB4F)
        return value ^ value >> 33
    }

    /// The eight bytes that XXH64 hashes to this: each of its steps can be taken back.
    private static func bytes(hashingTo hash: UInt64) -> [UInt8] {
        let (prime1, prime2): (UInt64, UInt64) = (0x9E37_79B1_85EB_CA87, 0xC2B2_AE3D_27D4_EB4F)
        let start: UInt64 = 0x27D4_EB2F_1656_67C5 &+ 8
        let lane = rotated((beforeLast(hash) &- 0x85EB_CA77_C2B2_AE63) &* inverse(prime1), 37) ^ start
        let word = rotated(lane &* inverse(prime1), 33) &* inverse(prime2)
        return withUnsafeBytes(of: word.littleEndian) { Array($0) }
    }

    /// The number that MurmurHash3's finaliser makes this of.
    private static func number(hashingTo hash: UInt64) -> UInt64 {
        var value = hash ^ hash >> 33
        value = value &* inverse(0xC4CE_B9FE_1A85_EC53)
        value ^= value >> 33
        value = value &* inverse(0xFF51_AFD7_ED55_8CCD)
        return value ^ value >> 33
    }

    private static let count = 20_000

    @Test func textsThatCollideTakeNoLonger() {
        let colliding = (0..<Self.count).map { Self.bytes(hashingTo: UInt64($0) << 32 | 0x1234_5678) }
        #expect(Set(colliding.map { XXH64.hash($0) & 0xFFFF_FFFF }) == [0x1234_5678])
        let ordinary = (0..<Self.count).map { Self.bytes(hashingTo: UInt64($0) &* 0x9E37_79B9_7F4A_7C15) }
        func fill(_ texts: [[UInt8]]) -> Double {
            time {
                var table = StringTable()
                for text in texts { text.withUnsafeBytes { _ = table.insert($0) } }
                #expect(table.count == Self.count)
                #expect(
                    texts.enumerated().allSatisfy { index, text in
                        text.withUnsafeBytes { table.find($0) } == Int32(index)
                    })
            }
        }
        #expect(fill(colliding) < 10 * fill(ordinary))
    }

    @Test func numbersThatCollideTakeNoLonger() {
        let colliding = (0..<Self.count).map { Self.number(hashingTo: UInt64($0) << 32 | 0x1234_5678) }
        let ordinary = (0..<Self.count).map { Double($0).bitPattern }
        func fill(_ numbers: [UInt64]) -> Double {
            time {
                var table = NumberTable()
                for number in numbers { _ = table.insert(number) }
                #expect(table.count == Self.count)
                #expect(numbers.enumerated().allSatisfy { table.view.find($1) == Int32($0) })
            }
        }
        #expect(fill(colliding) < 10 * fill(ordinary))
    }

    /// Lengths on either side of each of the hash's branches, and values that differ in one bit: all hash apart, and
    /// evenly over a table's slots.
    @Test func hashesAreSpread() {
        var texts: [[UInt8]] = []
        for count in 0...50 {
            let text = [UInt8](repeating: 7, count: count)
            texts.append(text)
            for bit in 0..<count * 8 {
                var other = text
                other[bit / 8] ^= 1 << (bit % 8)
                texts.append(other)
            }
        }
        let hashes = texts.map { $0.withUnsafeBytes { KeyedHash.hash($0) } }
        #expect(Set(hashes).count == texts.count)
        for numbers in [hashes, (0..<10_000).map { KeyedHash.hash(Double($0).bitPattern) }] {
            var slots = [Int](repeating: 0, count: 256)
            for hash in numbers { slots[Int(hash & 255)] += 1 }
            // 40 a slot: ten standard deviations.
            let mean = Double(numbers.count) / 256
            #expect(slots.allSatisfy { abs(Double($0) - mean) < 10 * mean.squareRoot() })
        }
    }
}
