/// XXH64, the published 64-bit hash of the xxHash family (Yann Collet, xxhash.com, BSD 2-Clause).
///
/// One fixed hash, the same in each process and on each platform, serves what is stored: the rows of hashed categories,
/// the ids of words and documents, and the checksum of the model file.
package enum XXH64 {
    static let prime1: UInt64 = 0x9E37_79B1_85EB_CA87
    static let prime2: UInt64 = 0xC2B2_AE3D_27D4_EB4F
    static let prime3: UInt64 = 0x1656_67B1_9E37_79F9
    static let prime4: UInt64 = 0x85EB_CA77_C2B2_AE63
    static let prime5: UInt64 = 0x27D4_EB2F_1656_67C5

    /// The hash of the bytes.
    package static func hash(_ bytes: UnsafeRawBufferPointer, seed: UInt64 = 0) -> UInt64 {
        let count = bytes.count
        guard count > 0, let base = bytes.baseAddress else { return avalanche(seed &+ prime5) }
        var hash: UInt64
        var at = 0
        if count >= 32 {
            var a = seed &+ prime1 &+ prime2
            var b = seed &+ prime2
            var c = seed
            var d = seed &- prime1
            let lastStripe = count - 32
            while at <= lastStripe {
                a = round(a, word64(base, at))
                b = round(b, word64(base, at + 8))
                c = round(c, word64(base, at + 16))
                d = round(d, word64(base, at + 24))
                at += 32
            }
            hash = rotate(a, 1) &+ rotate(b, 7) &+ rotate(c, 12) &+ rotate(d, 18)
            hash = merge(hash, a)
            hash = merge(hash, b)
            hash = merge(hash, c)
            hash = merge(hash, d)
        } else {
            hash = seed &+ prime5
        }
        hash &+= UInt64(truncatingIfNeeded: count)
        return finish(hash, base, at, count)
    }

    /// Takes in the bytes from `at` on, fewer than 32, and ends.
    @inline(__always)
    static func finish(_ hash: UInt64, _ base: UnsafeRawPointer, _ at: Int, _ count: Int) -> UInt64 {
        var (hash, at) = (hash, at)
        while count - at >= 8 {
            hash ^= round(0, word64(base, at))
            hash = rotate(hash, 27) &* prime1 &+ prime4
            at += 8
        }
        if count - at >= 4 {
            let word = UInt32(littleEndian: base.loadUnaligned(fromByteOffset: at, as: UInt32.self))
            hash ^= UInt64(word) &* prime1
            hash = rotate(hash, 23) &* prime2 &+ prime3
            at += 4
        }
        while at < count {
            hash ^= UInt64(base.load(fromByteOffset: at, as: UInt8.self)) &* prime5
            hash = rotate(hash, 11) &* prime1
            at += 1
        }
        return avalanche(hash)
    }

    /// The hash of an array's bytes.
    package static func hash(_ bytes: [UInt8], seed: UInt64 = 0) -> UInt64 {
        bytes.withUnsafeBytes { hash($0, seed: seed) }
    }

    /// The hash of a text's UTF-8 bytes.
    package static func hash(_ text: String, seed: UInt64 = 0) -> UInt64 {
        text.withUTF8Bytes { hash($0, seed: seed) }
    }

    @inline(__always)
    static func word64(_ base: UnsafeRawPointer, _ at: Int) -> UInt64 {
        UInt64(littleEndian: base.loadUnaligned(fromByteOffset: at, as: UInt64.self))
    }

    @inline(__always)
    static func rotate(_ value: UInt64, _ bits: UInt64) -> UInt64 {
        (value &<< bits) | (value &>> (64 &- bits))
    }

    @inline(__always)
    static func round(_ lane: UInt64, _ input: UInt64) -> UInt64 {
        rotate(lane &+ input &* prime2, 31) &* prime1
    }

    @inline(__always)
    static func merge(_ hash: UInt64, _ lane: UInt64) -> UInt64 {
        (hash ^ round(0, lane)) &* prime1 &+ prime4
    }

    @inline(__always)
    static func avalanche(_ hash: UInt64) -> UInt64 {
        var hash = hash
        hash ^= hash &>> 33
        hash = hash &* prime2
        hash ^= hash &>> 29
        hash = hash &* prime3
        hash ^= hash &>> 32
        return hash
    }
}

extension String {
    /// Runs `body` on the UTF-8 bytes, without a copy where the string is native.
    package func withUTF8Bytes<R>(_ body: (UnsafeRawBufferPointer) -> R) -> R {
        var text = self
        return text.withUTF8 { body(UnsafeRawBufferPointer($0)) }
    }
}
