import CTRKernels

/// What a row's value of a feature or cross was taken for, in the table's own words and units.
///
/// ```swift
/// func words(_ value: MatchedValue) -> String {
///     switch value {
///     case .missing: "missing"
///     case .bin(let from, let to): "\(from ?? -.infinity)..<\(to ?? .infinity)"
///     case .category(let text): text
///     case .list(let values): values.map(words).joined(separator: ", ")
///     case .unknown(let value): "\(words(value)), new to the model"
///     }
/// }
/// for term in try model.explain(page)[0].wide { print(term.feature, words(term.value), term.weight) }
/// ```
public indirect enum MatchedValue: Sendable, Equatable {
    /// No value.
    case missing
    /// A number's bin [from, to), without end where nil. A mode's bin holds that one number, and from == to.
    case bin(from: Double?, to: Double?)
    /// A category, by its text.
    case category(String)
    /// A multi-valued feature's values, or those of a cross's members.
    case list([MatchedValue])
    /// A category or combination without a weight of its own: never seen, or too rarely.
    case unknown(MatchedValue)
}

extension NumericBins {
    /// What the values of this id have in common.
    package func match(of id: Int32) -> MatchedValue {
        let index = Int(id) - 1
        if index < 0 { return .missing }
        if index < modes.count { return .bin(from: modes[index], to: modes[index]) }
        let above = index - modes.count
        let from = edges.indices.contains(above - 1) ? edges[above - 1] : nil
        return .bin(from: from, to: edges.indices.contains(above) ? edges[above] : nil)
    }
}

extension FeatureEncoder {
    /// What each row's values were taken for, by the names of features and crosses. `rows` is the table encoded.
    ///
    /// The texts are the table's: a hashed vocabulary has none.
    package func matches(_ table: Table, encoded rows: EncodedRows) throws(CTRError) -> [ExactText: [MatchedValue]] {
        var matches: [ExactText: [MatchedValue]] = [:]
        for feature in features {
            matches[ExactText(feature.spec.name)] = Self.matches(
                feature, try FeatureInput(of: feature, in: table), rows)
        }
        for cross in crosses {
            let members = cross.members.map { matches[ExactText(features[$0].spec.name)] ?? [] }
            matches[ExactText(cross.name)] = (0..<rows.rowCount).map { row in
                let values = MatchedValue.list(members.map { $0[row] })
                let id = rows.ids.base[row * rows.slotCount + cross.slot]
                return id == Vocabulary.unknown ? .unknown(values) : values
            }
        }
        return matches
    }

    private static func matches(_ feature: Feature, _ input: FeatureInput, _ rows: EncodedRows) -> [MatchedValue] {
        func id(_ row: Int) -> Int32 { rows.ids.base[row * rows.slotCount + feature.slot] }
        let all = 0..<rows.rowCount
        switch (feature.state, input) {
        case (.numeric(let bins), _): return all.map { bins.match(of: id($0)) }
        case (_, .categorical(let column)):
            return all.map { category(column.dictionary, column.codes[$0], id: id($0)) }
        case (_, .multi(let column)):
            let ids = rows.lists[feature.slot].ids
            return all.map { row in
                let range = column.offsets[row]..<column.offsets[row + 1]
                return .list(range.map { category(column.dictionary, column.codes[$0], id: ids.base[$0]) })
            }
        case (.multi, .missing): return all.map { _ in .list([]) }
        case (_, .numeric), (_, .missing): return all.map { _ in .missing }
        }
    }

    private static func category(_ dictionary: StringTable, _ code: Int32, id: Int32) -> MatchedValue {
        if code < 0 { return .missing }
        let text = MatchedValue.category(dictionary[Int(code)])
        return id == Vocabulary.unknown ? .unknown(text) : text
    }
}
