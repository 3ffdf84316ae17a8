import CTRKernels

/// What encoding one cross reads. It holds for as long as its owner keeps the cross.
struct CrossLookup: Sendable {
    private struct Member {
        let slot: Int
        let isCategorical: Bool
    }

    private let slot: Int
    private let members: Buffer<Member>
    private let vocabulary: CrossVocabulary.View

    init(_ cross: FeatureEncoder.Cross, of features: [FeatureEncoder.Feature]) {
        slot = cross.slot
        vocabulary = cross.vocabulary.view
        members = Buffer(
            cross.members.map { index in
                var isCategorical = false
                if case .categorical = features[index].state { isCategorical = true }
                return Member(slot: features[index].slot, isCategorical: isCategorical)
            })
    }

    /// Writes a row's id, once its members have theirs. A cross with a missing member is missing, one with an unknown
    /// category is unknown.
    @inline(__always)
    func write(row: Int, to target: RowTarget) {
        let ids = target.ids + row &* target.slotCount
        ids[slot] = reserved(ids) ?? vocabulary.row(ofKey: key(ids))
    }

    @inline(__always)
    func reserved(_ ids: UnsafePointer<Int32>) -> Int32? {
        var unknown = false
        for index in 0..<members.count {
            let member = members.base[index]
            let id = ids[member.slot]
            if id == Vocabulary.missing { return Vocabulary.missing }
            if member.isCategorical, id == Vocabulary.unknown { unknown = true }
        }
        return unknown ? Vocabulary.unknown : nil
    }

    @inline(__always)
    private func key(_ ids: UnsafePointer<Int32>) -> UInt64 {
        var key: UInt64 = 0
        for index in 0..<members.count { key = CrossVocabulary.mix(key, ids[members.base[index].slot]) }
        return key
    }

    /// The members' rows.
    func append(_ ids: UnsafePointer<Int32>, to combinations: inout [Int32]) {
        for index in 0..<members.count { combinations.append(ids[members.base[index].slot]) }
    }
}
