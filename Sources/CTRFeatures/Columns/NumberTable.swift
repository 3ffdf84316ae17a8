import CTRKernels

/// Distinct 64-bit patterns in the order of first insertion, as `StringTable` is for text.
struct NumberTable: Sendable {
    private var patterns = Self.none
    private var slots = HashSlots()
    private(set) var count = 0
    /// As a `StringTable`'s.
    private(set) var lacksMemory = false

    /// What every table begins with; it is shared, and so never written to.
    private static let none = Buffer<UInt64>(count: 0)

    var keys: UnsafeBufferPointer<UInt64> { UnsafeBufferPointer(start: patterns.base, count: count) }

    /// The pattern's index; it is added if it is new. (-1 once two thousand million are there.)
    @inline(__always)
    mutating func insert(_ key: UInt64) -> Int32 {
        let hash = KeyedHash.hash(key)
        let found = view.probe(key, hash)
        if found.index >= 0 { return Int32(truncatingIfNeeded: found.index) }
        return add(key, hash, slot: found.slot)
    }

    private mutating func mayGrow() -> Bool {
        if lacksMemory { return false }
        var bytes = 0
        if !slots.hasRoom(for: count + 1) { bytes += slots.byteCount * 2 }
        if count == patterns.count { bytes += count * 16 }
        lacksMemory = bytes > HashSlots.muchMemory && !Memory.holds(bytes)
        return !lacksMemory
    }

    private mutating func add(_ key: UInt64, _ hash: UInt64, slot: Int) -> Int32 {
        guard count < Int(Int32.max) - 1, mayGrow() else { return -1 }
        // The two blocks are always copied together, so one tells of both.
        if !isKnownUniquelyReferenced(&patterns) {
            patterns = patterns.copy()
            slots.makeUnique()
        }
        var slot = slot
        if !slots.hasRoom(for: count + 1) {
            slots.reserve(count + 1)
            slot = slots.free(for: hash)
        }
        if count == patterns.count { patterns = patterns.resized(to: max(count * 2, 16)) }
        patterns.base[count] = key
        slots.fill(slot, hash: hash, index: count)
        count += 1
        return Int32(truncatingIfNeeded: count - 1)
    }
}

extension NumberTable {
    /// The table in plain memory, for as long as the table lives and is not changed.
    struct View: @unchecked Sendable {
        fileprivate let patterns: UnsafePointer<UInt64>
        fileprivate let slots: HashSlots.View

        /// The pattern's index, -1 if there is none.
        @inline(__always)
        func find(_ key: UInt64) -> Int32 { Int32(truncatingIfNeeded: probe(key, KeyedHash.hash(key)).index) }

        @inline(__always)
        fileprivate func probe(_ key: UInt64, _ hash: UInt64) -> (index: Int, slot: Int) {
            slots.find(hash) { patterns[$0] == key }
        }
    }

    @inline(__always)
    var view: View { View(patterns: UnsafePointer(patterns.base), slots: slots.view) }
}
