import CTRKernels

/// The ids of a cross: each combination of its members' rows that was seen often enough has its own weight (the
/// cross-product transformation of Cheng et al., 2016, equation 1). Rows as in `Vocabulary`.
package struct CrossVocabulary: Sendable {
    package let arity: Int
    package let minimumCount: Int
    /// The member rows of each listed combination, `arity` a combination.
    package private(set) var members: [Int32] = []
    /// The keys of the listed combinations, in their order.
    private var listed = NumberTable()
    /// Combinations seen too rarely so far.
    package private(set) var pending: [UInt64: Int] = [:]

    package init(arity: Int, minimumCount: Int) {
        self.arity = max(arity, 1)
        self.minimumCount = max(minimumCount, 1)
    }

    /// Nil where a combination stands twice.
    package init?(arity: Int, minimumCount: Int, members: [Int32], pending: [UInt64: Int]) {
        self.init(arity: arity, minimumCount: minimumCount)
        guard members.count % self.arity == 0, members.count / self.arity < Int32.max / 2 else { return nil }
        self.members = members
        self.pending = pending
        for index in 0..<(members.count / self.arity) {
            let key = Self.key(members[(index * self.arity)..<((index + 1) * self.arity)])
            guard listed.insert(key) == index else { return nil }
        }
    }

    package var count: Int { members.count / arity }
    package var rowCount: Int { Vocabulary.reserved + count }

    /// A combination's key: its members' rows, mixed in order to 64 bits.
    static func key<Rows: Sequence>(_ rows: Rows) -> UInt64 where Rows.Element == Int32 {
        var key: UInt64 = 0
        for row in rows { key = mix(key, row) }
        return key
    }

    @inline(__always)
    static func mix(_ key: UInt64, _ row: Int32) -> UInt64 {
        RandomStream.mix(key &+ 0x9E37_79B9_7F4A_7C15 &+ UInt64(UInt32(bitPattern: row)))
    }

    /// Counts combinations, given row-major, and lists those that have become frequent enough, in order of appearance.
    package mutating func extend(combinations: [Int32]) {
        let rows = combinations.count / arity
        func key(_ row: Int) -> UInt64 { Self.key(combinations[(row * arity)..<((row + 1) * arity)]) }
        let areCounted = minimumCount > 1 || !pending.isEmpty
        if areCounted {
            for row in 0..<rows where listed.view.find(key(row)) < 0 {
                pending[key(row)] = Tally.sum(pending[key(row)] ?? 0, 1)
            }
        }
        for row in 0..<rows {
            let key = key(row)
            if areCounted {
                guard let seen = pending[key], seen >= minimumCount else { continue }
                pending[key] = nil
            }
            let known = listed.count
            _ = listed.insert(key)
            if listed.count > known {
                members.append(contentsOf: combinations[(row * arity)..<((row + 1) * arity)])
            }
        }
    }
}

extension CrossVocabulary {
    /// The look-up in plain memory, for as long as the vocabulary lives and is not changed.
    struct View: Sendable {
        fileprivate let listed: NumberTable.View

        /// The row of the combination of that key.
        @inline(__always)
        func row(ofKey key: UInt64) -> Int32 {
            let index = listed.find(key)
            return index < 0 ? Vocabulary.unknown : index + Int32(Vocabulary.reserved)
        }
    }

    var view: View { View(listed: listed.view) }
}
