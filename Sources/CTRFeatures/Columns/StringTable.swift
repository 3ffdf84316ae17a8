import CTRKernels
import Glibc

/// Distinct byte strings, each with an index in the order it was first inserted.
///
/// All the text lies in one block, entry `i` at `bytes[offsets[i]..<offsets[i + 1]]`: a million entries are three
/// allocations, and the model file stores the arrays as they are. Look-up is by hash; text is compared only where the
/// hashes agree.
///
/// ```swift
/// var sections = StringTable(["sport", "film", "sport"])
/// print(sections.count, sections[1])  // 2 film
/// print(sections.insert("money"), sections.find("film")!)  // 2 1
/// ```
public struct StringTable: Sendable {
    private var text = Self.none.text
    private var ends = Self.none.ends
    private var slots = HashSlots()
    private var textCount = 0
    /// The number of entries.
    public private(set) var count = 0
    /// Whether it could not grow for want of memory: then nothing new joins it any more, and `insert` answers -1.
    package private(set) var lacksMemory = false

    /// What every table begins with; it is shared, and so never written to.
    private static let none = (text: Buffer<UInt8>(count: 0), ends: Buffer<Int>(count: 1))

    /// The most entries there can be: indices are `Int32`.
    private static let limit = Int(Int32.max)

    /// A table without entries.
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
        text = Buffer(bytes)
        ends = Buffer(offsets)
        textCount = bytes.count
        slots.reserve(count)
        for index in 0..<count {
            let entry = view.entry(index)
            let hash = KeyedHash.hash(entry)
            let found = view.probe(entry, hash)
            guard found.index < 0 else { return nil }
            slots.fill(found.slot, hash: hash, index: index)
        }
        self.count = count
    }

    /// Whether there is no entry.
    public var isEmpty: Bool { count == 0 }

    /// Of all entries' text.
    public var byteCount: Int { textCount }

    /// The text of all entries, one after the other. A copy.
    public var bytes: [UInt8] { Array(UnsafeBufferPointer(start: text.base, count: textCount)) }

    /// Where each entry begins, and at the end `bytes.count`: `count + 1` numbers. A copy.
    public var offsets: [Int] { Array(UnsafeBufferPointer(start: ends.base, count: count + 1)) }

    /// The same two where they lie, for whoever keeps both and writes to neither.
    package var kept: (bytes: Buffer<UInt8>, byteCount: Int, offsets: Buffer<Int>) { (text, textCount, ends) }

    /// Whether the other is a copy of this table, which neither has changed since.
    func isSame(as other: StringTable) -> Bool { text === other.text && count == other.count && count > 0 }

    /// The index of the string, which is added if it is new. (-1 once two thousand million entries are there.)
    @discardableResult
    public mutating func insert(_ string: UnsafeRawBufferPointer) -> Int32 {
        insert(string, hash: KeyedHash.hash(string))
    }

    /// The same for a string whose hash is known.
    @inline(__always)
    mutating func insert(_ string: UnsafeRawBufferPointer, hash: UInt64) -> Int32 {
        let found = view.probe(string, hash)
        if found.index >= 0 { return Int32(truncatingIfNeeded: found.index) }
        return add(string, hash, slot: found.slot)
    }

    /// The index of the text, which is added if it is new.
    @discardableResult
    public mutating func insert(_ string: String) -> Int32 {
        var string = string
        return string.withUTF8 { insert(UnsafeRawBufferPointer($0)) }
    }

    /// The index of the string, nil if the table has none such.
    public func find(_ string: UnsafeRawBufferPointer) -> Int32? {
        defer { withExtendedLifetime(self) {} }
        let index = view.find(string, hash: KeyedHash.hash(string))
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
        defer { withExtendedLifetime(self) {} }
        return try body(view.entry(index))
    }

    /// All entries' text, in order.
    public var strings: [String] { (0..<count).map { self[$0] } }

    /// Makes room for this many entries.
    public mutating func reserveCapacity(_ entries: Int) {
        guard entries > count, entries < Self.limit else { return }
        makeUnique()
        if entries + 1 > ends.count { ends = ends.resized(to: entries + 1) }
        if !slots.hasRoom(for: entries) { slots.reserve(entries) }
    }

    private mutating func add(_ string: UnsafeRawBufferPointer, _ hash: UInt64, slot: Int) -> Int32 {
        guard count < Self.limit - 1, mayGrow(by: string.count) else { return -1 }
        makeUnique()
        var slot = slot
        if !slots.hasRoom(for: count + 1) {
            slots.reserve(count + 1)
            slot = slots.free(for: hash)
        }
        if textCount + string.count > text.count {
            text = text.resized(to: max(textCount + string.count, text.count * 2, 64))
        }
        if count + 2 > ends.count { ends = ends.resized(to: max(ends.count * 2, 16)) }
        if let start = string.baseAddress { memcpy(text.base + textCount, start, string.count) }
        textCount += string.count
        slots.fill(slot, hash: hash, index: count)
        count += 1
        ends.base[count] = textCount
        return Int32(truncatingIfNeeded: count - 1)
    }

    /// Asks for the memory of what has to grow for another entry, where it is much.
    private mutating func mayGrow(by length: Int) -> Bool {
        if lacksMemory { return false }
        var bytes = 0
        if !slots.hasRoom(for: count + 1) { bytes += slots.byteCount * 2 }
        if textCount + length > text.count { bytes += max(textCount + length, text.count * 2) }
        if count + 2 > ends.count { bytes += ends.count * 16 }
        lacksMemory = bytes > HashSlots.muchMemory && !Memory.holds(bytes)
        return !lacksMemory
    }

    /// The three blocks are always copied together, so one tells of all.
    private mutating func makeUnique() {
        if isKnownUniquelyReferenced(&text) { return }
        text = text.copy()
        ends = ends.copy()
        slots.makeUnique()
    }
}

extension StringTable {
    /// The table in plain memory, for as long as the table lives and is not changed.
    struct View: @unchecked Sendable {
        fileprivate let text: UnsafePointer<UInt8>
        fileprivate let ends: UnsafePointer<Int>
        fileprivate let slots: HashSlots.View

        /// The index of the string, -1 if there is none.
        @inline(__always)
        func find(_ string: UnsafeRawBufferPointer, hash: UInt64) -> Int32 {
            Int32(truncatingIfNeeded: probe(string, hash).index)
        }

        @inline(__always)
        fileprivate func probe(_ string: UnsafeRawBufferPointer, _ hash: UInt64) -> (index: Int, slot: Int) {
            slots.find(hash) { index in
                let begin = ends[index]
                guard ends[index + 1] - begin == string.count else { return false }
                guard let start = string.baseAddress else { return true }
                return memcmp(text + begin, start, string.count) == 0
            }
        }

        @inline(__always)
        fileprivate func entry(_ index: Int) -> UnsafeRawBufferPointer {
            UnsafeRawBufferPointer(start: text + ends[index], count: ends[index + 1] - ends[index])
        }
    }

    @inline(__always)
    var view: View { View(text: UnsafePointer(text.base), ends: UnsafePointer(ends.base), slots: slots.view) }
}
