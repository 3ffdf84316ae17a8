import CTRKernels

/// The slots of a hash table whose entries lie elsewhere: open addressing with linear probing.
///
/// A slot holds half of the entry's hash beside its index: a probe that meets other entries reads no more than the
/// slots, and growth hashes nothing again.
struct HashSlots: Sendable {
    /// The index plus 1 in the low half, the low half of the hash in the high one; 0 is free. A power of two of them.
    private var slots: Buffer<UInt64>

    /// One slot that is always free.
    private static let none = Buffer<UInt64>(count: 1)

    init() { slots = Self.none }

    /// Slots in plain memory, for as long as these here live and are not changed.
    struct View: @unchecked Sendable {
        fileprivate let base: UnsafePointer<UInt64>
        fileprivate let mask: Int

        /// The index of the entry with that hash of which `isEqual` says so; else -1, and the slot where it belongs.
        @inline(__always)
        func find(_ hash: UInt64, _ isEqual: (Int) -> Bool) -> (index: Int, slot: Int) {
            let tag = hash << 32
            var slot = Int(truncatingIfNeeded: hash & 0xFFFF_FFFF) & mask
            while true {
                let entry = base[slot]
                if entry == 0 { return (-1, slot) }
                if (entry ^ tag) >> 32 == 0 {
                    let index = Int(truncatingIfNeeded: entry & 0xFFFF_FFFF) - 1
                    if isEqual(index) { return (index, slot) }
                }
                slot = (slot + 1) & mask
            }
        }
    }

    @inline(__always)
    var view: View { View(base: UnsafePointer(slots.base), mask: slots.count - 1) }

    /// Whether a further entry keeps three of eight slots free.
    @inline(__always)
    func hasRoom(for entries: Int) -> Bool { entries * 8 <= slots.count * 5 }

    var byteCount: Int { slots.count * 8 }

    /// Growth by more than this is asked for first.
    static var muchMemory: Int { 1 << 18 }

    /// Makes room for this many entries. The slots are then this table's own.
    mutating func reserve(_ entries: Int) {
        var wanted = max(slots.count, 16)
        while entries * 8 > wanted * 5 { wanted *= 2 }
        let (old, mask) = (slots, wanted - 1)
        slots = Buffer(count: wanted)
        for index in 0..<old.count where old.base[index] != 0 {
            var slot = Int(truncatingIfNeeded: old.base[index] >> 32) & mask
            while slots.base[slot] != 0 { slot = (slot + 1) & mask }
            slots.base[slot] = old.base[index]
        }
    }

    /// Fills the free slot that `find` gave. The slots must be this table's own.
    @inline(__always)
    func fill(_ slot: Int, hash: UInt64, index: Int) {
        slots.base[slot] = hash << 32 | UInt64(UInt32(truncatingIfNeeded: index + 1))
    }

    /// The free slot for a new entry.
    func free(for hash: UInt64) -> Int { view.find(hash) { _ in false }.slot }

    mutating func makeUnique() {
        if !isKnownUniquelyReferenced(&slots) { slots = slots.copy() }
    }
}
