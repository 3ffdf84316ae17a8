#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Distinct byte strings, each with an index in the order it was first inserted.
///
/// All the text lies in one array, entry `i` at `bytes[offsets[i]..<offsets[i + 1]]`: a million entries are three
/// allocations, and the model file stores the arrays as they are. Look-up is open addressing with linear probing over
/// XXH64; the hashes are kept, so growth reads no text, and a look-up compares text only where the hashes agree.
public struct StringTable: Sendable {
    /// The text of all entries, one after the other.
    public private(set) var bytes: [UInt8] = []
    /// Where each entry begins, and at the end `bytes.count`: `count + 1` numbers.
    public private(set) var offsets: [Int] = [0]
    private var hashes: [UInt64] = []
    /// Entry index or -1; a power of two of them, or none at first.
    private var slots: [Int32] = []

    /// The most entries there can be: indices are `Int32`.
    private static let limit = Int(Int32.max)

    public init() {}

    /// A table of the strings in order; one that comes again keeps its first index.
    public init(_ strings: some Sequence<String>) {
        for string in strings { insert(string) }
    }

    /// A table of entries as `bytes` and `offsets` hold them. Nil unless the offsets begin at 0, ascend, end at
    /// `bytes.count`, and no two entries are equal.
    public init?(bytes: [UInt8], offsets: [Int]) {
        guard offsets.first == 0, offsets.last == bytes.count else { return nil }
        let count = offsets.count - 1
        guard count < Self.limit else { return nil }
        for index in 0..<count where offsets[index] > offsets[index + 1] { return nil }
        self.bytes = bytes
        self.offsets = offsets
        hashes.reserveCapacity(count)
        bytes.withUnsafeBytes { all in
            for index in 0..<count {
                hashes.append(XXH64.hash(UnsafeRawBufferPointer(rebasing: all[offsets[index]..<offsets[index + 1]])))
            }
        }
        guard rebuild(slotCount: Self.slotCount(for: count)) else { return nil }
    }

    public var count: Int { offsets.count - 1 }
    public var isEmpty: Bool { offsets.count == 1 }

    /// The index of the string, which is added if it is new. (-1 once two thousand million entries are there.)
    @discardableResult
    public mutating func insert(_ string: UnsafeRawBufferPointer) -> Int32 {
        if (count + 1) * 2 > slots.count { _ = rebuild(slotCount: Self.slotCount(for: count + 1)) }
        let hash = XXH64.hash(string)
        let place = probe(string, hash)
        if place.index >= 0 { return place.index }
        guard count < Self.limit - 1 else { return -1 }
        let index = Int32(truncatingIfNeeded: count)
        bytes.append(contentsOf: string)
        offsets.append(bytes.count)
        hashes.append(hash)
        slots[place.slot] = index
        return index
    }

    /// The index of the text, which is added if it is new.
    @discardableResult
    public mutating func insert(_ string: String) -> Int32 {
        var string = string
        return string.withUTF8 { insert(UnsafeRawBufferPointer($0)) }
    }

    /// The index of the string, nil if the table has none such.
    public func find(_ string: UnsafeRawBufferPointer) -> Int32? {
        guard !slots.isEmpty else { return nil }
        let index = probe(string, XXH64.hash(string)).index
        return index >= 0 ? index : nil
    }

    /// The index of the text, nil if the table has none such.
    public func find(_ string: String) -> Int32? {
        string.withUTF8Bytes { find($0) }
    }

    /// The text of an entry, "" if there is none of that index; bytes that are not UTF-8 become U+FFFD.
    public subscript(index: Int) -> String {
        withBytes(of: index) { String(decoding: $0, as: UTF8.self) }
    }

    /// Runs `body` on an entry's bytes: none if there is no entry of that index. They stay valid for the call only.
    public func withBytes<R, E: Error>(of index: Int, _ body: (UnsafeRawBufferPointer) throws(E) -> R) throws(E) -> R {
        guard index >= 0, index < count else { return try body(UnsafeRawBufferPointer(start: nil, count: 0)) }
        let range = offsets[index]..<offsets[index + 1]
        return try bytes.withUnsafeBufferPointer { (all) throws(E) -> R in
            try body(UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: all[range])))
        }
    }

    /// All entries' text, in order.
    public var strings: [String] { (0..<count).map { self[$0] } }

    /// Makes room for this many entries.
    public mutating func reserveCapacity(_ entries: Int) {
        guard entries > count, entries < Self.limit else { return }
        offsets.reserveCapacity(entries + 1)
        hashes.reserveCapacity(entries)
        if Self.slotCount(for: entries) > slots.count { _ = rebuild(slotCount: Self.slotCount(for: entries)) }
    }

    /// The power of two that leaves at least half of the slots empty.
    private static func slotCount(for entries: Int) -> Int {
        var slots = 16
        while slots < entries * 2 { slots *= 2 }
        return slots
    }

    /// The entry that equals `string`, or -1 and the free slot where it belongs. There is always a free slot.
    private func probe(_ string: UnsafeRawBufferPointer, _ hash: UInt64) -> (index: Int32, slot: Int) {
        slots.withUnsafeBufferPointer { slots in
            hashes.withUnsafeBufferPointer { hashes in
                let mask = slots.count - 1
                var slot = Int(truncatingIfNeeded: hash) & mask
                while true {
                    let index = slots[slot]
                    if index < 0 { return (-1, slot) }
                    if hashes[Int(index)] == hash, entry(Int(index), equals: string) { return (index, slot) }
                    slot = (slot + 1) & mask
                }
            }
        }
    }

    private func entry(_ index: Int, equals string: UnsafeRawBufferPointer) -> Bool {
        let begin = offsets[index]
        guard offsets[index + 1] - begin == string.count else { return false }
        guard string.count > 0, let other = string.baseAddress else { return true }
        return bytes.withUnsafeBytes { all in
            guard let base = all.baseAddress else { return false }
            return memcmp(base + begin, other, string.count) == 0
        }
    }

    /// Fills new slots from the kept hashes; false if two entries are equal.
    private mutating func rebuild(slotCount: Int) -> Bool {
        let mask = slotCount - 1
        var fresh = [Int32](repeating: -1, count: slotCount)
        let distinct = fresh.withUnsafeMutableBufferPointer { fresh in
            for (index, hash) in hashes.enumerated() {
                var slot = Int(truncatingIfNeeded: hash) & mask
                while fresh[slot] >= 0 {
                    let other = Int(fresh[slot])
                    if hashes[other] == hash, withBytes(of: index, { entry(other, equals: $0) }) { return false }
                    slot = (slot + 1) & mask
                }
                fresh[slot] = Int32(truncatingIfNeeded: index)
            }
            return true
        }
        slots = fresh
        return distinct
    }
}
