extension FeatureEncoder {
    /// This encoder with further crosses, their combinations learnt from the table.
    package func adding(
        crosses names: [[String]], from table: Table, minimumCount: Int = 1, threads: Int = 1,
        interruption: Interruption? = nil
    ) throws(CTRError) -> FeatureEncoder {
        var encoder = self
        let indices = Dictionary(
            features.enumerated().map { (ExactText($1.spec.name), $0) }, uniquingKeysWith: { first, _ in first })
        var known = Set(crosses.map(\.members))
        var taken = Set((features.map(\.spec.name) + crosses.map(\.name)).map { ExactText($0) })
        for names in names {
            try interruption?.check()
            let members = try self.members(names, at: indices)
            guard known.insert(members).inserted else { throw .invalidArgument("cross \(names) stands twice") }
            let vocabulary = CrossVocabulary(arity: members.count, minimumCount: minimumCount)
            encoder.append(Self.crossName(names, besides: &taken), members, vocabulary)
        }
        if !names.isEmpty {
            let rows = try encoder.encode(table, threads: threads, interruption: interruption)
            try encoder.extendCrosses(rows, interruption: interruption)
        }
        return encoder
    }

    mutating func append(_ name: String, _ members: [Int], _ vocabulary: CrossVocabulary) {
        crosses.append(Cross(name: name, members: members, vocabulary: vocabulary, slot: slotCount))
        slotCount += 1
    }

    /// A new cross's name: those of its members, joined; in brackets where a feature or another cross is named so.
    private static func crossName(_ members: [String], besides taken: inout Set<ExactText>) -> String {
        var parts = members
        while true {
            let name = parts.joined(separator: "×")
            if taken.insert(ExactText(name)).inserted { return name }
            parts = parts.map { "(\($0))" }
        }
    }

    private func members(_ names: [String], at indices: [ExactText: Int]) throws(CTRError) -> [Int] {
        guard names.count >= 2, Set(names.map { ExactText($0) }).count == names.count else {
            throw .invalidArgument("a cross takes two or more different features, not \(names)")
        }
        var members: [Int] = []
        for name in names {
            guard let index = indices[ExactText(name)] else {
                let known = features.map(\.spec.name).joined(separator: ", ")
                throw .invalidArgument("cross \(names): there is no feature '\(name)'; the features are \(known)")
            }
            if case .multi = features[index].state {
                throw .invalidArgument(
                    "cross \(names): '\(name)' is multi-valued; a cross takes numeric and categorical features")
            }
            members.append(index)
        }
        return members
    }

    mutating func extendCrosses(
        _ rows: EncodedRows, counted: [Bool]? = nil, interruption: Interruption?
    ) throws(CTRError) {
        for index in crosses.indices {
            let lookup = CrossLookup(crosses[index], of: features)
            var combinations: [Int32] = []
            combinations.reserveCapacity(rows.rowCount * crosses[index].members.count)
            try Interruption.check(interruption, rows: rows.rowCount) { block in
                for row in block where counted?[row] ?? true {
                    let ids = rows.ids.base + row * slotCount
                    if lookup.reserved(ids) == nil { lookup.append(ids, to: &combinations) }
                }
            }
            try interruption?.check()
            crosses[index].vocabulary.extend(combinations: combinations)
        }
    }
}
