import CTRKernels

/// The hash of the tables in memory: wyhash (Wang Yi, "final version 4", public domain) with secret numbers of the
/// process for its constants. Ids come from users, and who knows a table's hash can make ids that all meet in one slot,
/// so that a table of n takes n² steps. What is stored, as a hashed category's row, is the fixed `XXH64`'s.
package enum KeyedHash {
    @inline(__always)
    package static func hash(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
        let key = hashKey
        let count = bytes.count
        guard count > 0, let base = bytes.baseAddress else { return mix(key.first, key.last) }
        var (a, b, seed): (UInt64, UInt64, UInt64) = (0, 0, key.start)
        if count > 16 {
            var at = 0
            while count - at > 16 {
                seed = mix(word64(base, at) ^ key.first, word64(base, at + 8) ^ seed)
                at += 16
            }
            (a, b) = (word64(base, count - 16), word64(base, count - 8))
        } else if count >= 4 {
            let middle = (count >> 3) << 2
            a = word32(base, 0) << 32 | word32(base, middle)
            b = word32(base, count - 4) << 32 | word32(base, count - 4 - middle)
        } else {
            a = byte(base, 0) << 16 | byte(base, count >> 1) << 8 | byte(base, count - 1)
        }
        let product = (a ^ key.first).multipliedFullWidth(by: b ^ seed)
        return mix(product.low ^ key.second ^ UInt64(truncatingIfNeeded: count), product.high ^ key.last)
    }

    /// Of a number.
    @inline(__always)
    package static func hash(_ number: UInt64) -> UInt64 {
        let key = hashKey
        return mix(mix(number ^ key.first, key.second) ^ key.start, key.last)
    }

    @inline(__always)
    private static func mix(_ a: UInt64, _ b: UInt64) -> UInt64 {
        let product = a.multipliedFullWidth(by: b)
        return product.high ^ product.low
    }

    @inline(__always)
    private static func word64(_ base: UnsafeRawPointer, _ at: Int) -> UInt64 {
        base.loadUnaligned(fromByteOffset: at, as: UInt64.self)
    }

    @inline(__always)
    private static func word32(_ base: UnsafeRawPointer, _ at: Int) -> UInt64 {
        UInt64(base.loadUnaligned(fromByteOffset: at, as: UInt32.self))
    }

    @inline(__always)
    private static func byte(_ base: UnsafeRawPointer, _ at: Int) -> UInt64 {
        UInt64(base.load(fromByteOffset: at, as: UInt8.self))
    }
}
