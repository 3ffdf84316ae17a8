import CTRKernels

/// Turns a table's columns into ids and floats. What it learns from data (bins, vocabularies) is fixed by `fit`, grows
/// by `extend`, and is applied the same way in training and serving.
package struct FeatureEncoder: Sendable {
    package enum State: Sendable {
        case numeric(NumericBins)
        case categorical(Vocabulary)
        case multi(Vocabulary)
    }

    package struct Feature: Sendable {
        package var spec: FeatureSpec
        package var state: State
        /// The slot among `EncodedRows.ids`, or for a multi-valued feature its index among `lists`.
        package var slot: Int
        /// The index among `EncodedRows.fractions` (numeric features).
        package var fraction = 0

        package var rowCount: Int {
            switch state {
            case .numeric(let bins): bins.idCount
            case .categorical(let vocabulary), .multi(let vocabulary): vocabulary.rowCount
            }
        }

        /// A number of which training saw no value: it has no bins and says nothing, and whatever comes is taken for
        /// missing.
        package var isSilent: Bool {
            if case .numeric(let bins) = state { bins.edges.isEmpty && bins.modes.isEmpty } else { false }
        }

        /// Those of its ids that a cross's combination may have: not that of a missing value, nor of an unknown category.
        package var idsInCrosses: Range<Int> {
            if case .numeric = state { return 1..<rowCount }
            return Vocabulary.reserved..<rowCount
        }
    }

    package struct Cross: Sendable {
        package var name: String
        /// Indices among `features`.
        package var members: [Int]
        package var vocabulary: CrossVocabulary
        package var slot: Int
    }

    package private(set) var features: [Feature] = []
    package internal(set) var crosses: [Cross] = []
    package internal(set) var slotCount = 0
    package private(set) var fractionCount = 0
    package private(set) var listCount = 0

    /// An encoder whose state was read from a file; slots are given out in order.
    package init(
        features: [(FeatureSpec, State)], crosses: [(name: String, members: [Int], CrossVocabulary)]
    ) throws(CTRError) {
        for (spec, state) in features { append(spec, state) }
        for (name, members, vocabulary) in crosses { append(name, members, vocabulary) }
        try checkNames()
    }

    /// Learns bins and vocabularies from a table, and from which combinations of their members each cross is made.
    package init(
        fitting table: Table, specs: [FeatureSpec], crosses: [[String]] = [], minimumCount: Int = 1,
        numericBins: Int = NumericBins.maximumBins, threads: Int = 1, interruption: Interruption? = nil
    ) throws(CTRError) {
        try Memory.require(
            EncodingNeed.learning(specs, from: table, threads: threads), for: "learning from \(table.rowCount) rows")
        let states = try SideBySide.map(specs.count, threads: threads, interruption) {
            (index) throws(CTRError) -> State in
            switch try FeatureInput(of: specs[index], in: table) {
            case .numeric(let values): .numeric(NumericBins(fitting: values, maximumBins: numericBins))
            case .categorical(let column):
                .categorical(
                    Vocabulary(dictionary: column.dictionary, codes: column.codes, minimumCount: minimumCount))
            case .multi(let column):
                .multi(Vocabulary(dictionary: column.dictionary, codes: column.codes, minimumCount: minimumCount))
            case .missing:
                switch specs[index].kind {
                case .numeric: .numeric(NumericBins(edges: [], modes: []))
                case .categorical: .categorical(Vocabulary(minimumCount: minimumCount))
                case .multi: .multi(Vocabulary(minimumCount: minimumCount))
                }
            }
        }
        for (spec, state) in zip(specs, states) { append(spec, state) }
        self = try adding(
            crosses: crosses, from: table, minimumCount: minimumCount, threads: threads, interruption: interruption)
    }

    /// This encoder with each feature's part settled.
    package func settled(isWideAlone: Bool) -> FeatureEncoder {
        var encoder = self
        for index in features.indices {
            let feature = features[index]
            encoder.features[index].spec = feature.spec.settled(ids: feature.rowCount, isWideAlone: isWideAlone)
        }
        return encoder
    }

    /// Adds a further table's new values to the vocabularies; what there is keeps its ids, bins stay as they are.
    /// Rows marked in `counted` by false were counted before.
    package mutating func extend(
        with table: Table, counted: [Bool]? = nil, threads: Int = 1, interruption: Interruption? = nil
    ) throws(CTRError) {
        let present = features
        try Memory.require(
            EncodingNeed.learning(features.map(\.spec), from: table, threads: threads),
            for: "learning from \(table.rowCount) rows")
        let states = try SideBySide.map(features.count, threads: threads, interruption) {
            (index) throws(CTRError) -> State in
            let input = try FeatureInput(of: present[index], in: table)
            switch (present[index].state, input) {
            case (.categorical(var vocabulary), .categorical(let column)):
                var codes = column.codes
                for (row, isCounted) in (counted ?? []).enumerated() where !isCounted { codes[row] = -1 }
                vocabulary.extend(dictionary: column.dictionary, codes: codes)
                return .categorical(vocabulary)
            case (.multi(var vocabulary), .multi(let column)):
                var codes = column.codes
                for (row, isCounted) in (counted ?? []).enumerated() where !isCounted {
                    for index in column.offsets[row]..<column.offsets[row + 1] { codes[index] = -1 }
                }
                vocabulary.extend(dictionary: column.dictionary, codes: codes)
                return .multi(vocabulary)
            case (let state, _): return state
            }
        }
        for index in features.indices { features[index].state = states[index] }
        if !crosses.isEmpty {
            let rows = try encode(table, threads: threads, interruption: interruption)
            try extendCrosses(rows, counted: counted, interruption: interruption)
        }
    }

    /// How often each listed category was counted, by feature; row `Vocabulary.reserved` + i of its weights has entry i.
    package var occurrences: [ExactText: [Int]] {
        var all: [ExactText: [Int]] = [:]
        for feature in features {
            switch feature.state {
            case .categorical(let vocabulary), .multi(let vocabulary):
                all[ExactText(feature.spec.name)] = vocabulary.counts
            case .numeric: break
            }
        }
        return all
    }

    /// The rows with one feature's values dealt out anew: row i takes those of row order[i]. Crosses follow.
    package func shuffled(_ rows: EncodedRows, feature index: Int, order: [Int]) -> EncodedRows {
        var shuffled = rows
        let feature = features[index]
        if case .multi = feature.state {
            shuffled.lists[feature.slot] = rows.lists[feature.slot].select(order)
            return shuffled
        }
        (shuffled.ids, shuffled.fractions) = (rows.ids.copy(), rows.fractions.copy())
        let target = RowTarget(shuffled)
        for (row, source) in order.enumerated() {
            target.ids[row * slotCount + feature.slot] = rows.ids.base[source * slotCount + feature.slot]
            if case .numeric = feature.state {
                let column = feature.fraction
                target.fractions[row * fractionCount + column] = rows.fractions.base[source * fractionCount + column]
            }
        }
        for cross in crosses where cross.members.contains(index) {
            let lookup = CrossLookup(cross, of: features)
            for row in 0..<rows.rowCount { lookup.write(row: row, to: target) }
        }
        return shuffled
    }

    private mutating func append(_ spec: FeatureSpec, _ state: State) {
        switch state {
        case .numeric:
            features.append(Feature(spec: spec, state: state, slot: slotCount, fraction: fractionCount))
            slotCount += 1
            fractionCount += 1
        case .categorical:
            features.append(Feature(spec: spec, state: state, slot: slotCount))
            slotCount += 1
        case .multi:
            features.append(Feature(spec: spec, state: state, slot: listCount))
            listCount += 1
        }
    }

    /// Weights, and the model file's tensors, are told apart by name.
    private func checkNames() throws(CTRError) {
        var seen = Set(features.map { ExactText($0.spec.name) })
        for name in crosses.map(\.name) where !seen.insert(ExactText(name)).inserted {
            throw .invalidArgument("cross '\(name)' stands twice, or is named like a feature")
        }
    }
}
