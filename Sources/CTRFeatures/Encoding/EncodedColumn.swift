import CTRKernels

/// One feature's column on its way into ids.
enum EncodedColumn: Sendable {
    case numeric(NumericBins, [Double])
    /// Each entry's id, and each row's entry.
    case categorical([Int32], codes: [Int32])
    case list(EncodedList)
    /// Missing in every row: a list of none, or the id 0 that each row has already.
    case missing

    init(_ feature: FeatureEncoder.Feature, in table: Table) throws(CTRError) {
        switch (feature.state, try FeatureInput(of: feature, in: table)) {
        case (.numeric(let bins), .numeric(let values)): self = .numeric(bins, values)
        case (.categorical(let vocabulary), .categorical(let column)):
            self = .categorical(vocabulary.rows(of: column.dictionary), codes: column.codes)
        case (.multi(let vocabulary), .multi(let column)):
            let ids = vocabulary.rows(of: column.dictionary)
            self = .list(
                EncodedList(
                    offsets: column.offsets,
                    ids: column.codes.map { $0 >= 0 && Int($0) < ids.count ? ids[Int($0)] : Vocabulary.unknown }))
        case (.multi, .missing):
            self = .list(EncodedList(offsets: [Int](repeating: 0, count: table.rowCount + 1), ids: []))
        case (_, .missing): self = .missing
        default:
            throw .internalError("feature '\(feature.spec.name)' was read as another kind than it was fitted as")
        }
    }

    func write(_ rows: Range<Int>, _ feature: FeatureEncoder.Feature, to target: RowTarget) {
        switch self {
        case .numeric(let bins, let values):
            bins.withEdges { bins in
                for row in rows {
                    let (id, fraction) = bins.encode(values[row])
                    target.ids[row &* target.slotCount &+ feature.slot] = id
                    target.fractions[row &* target.fractionCount &+ feature.fraction] = fraction
                }
            }
        case .categorical(let ids, let codes):
            for row in rows where codes[row] >= 0 && Int(codes[row]) < ids.count {
                target.ids[row &* target.slotCount &+ feature.slot] = ids[Int(codes[row])]
            }
        case .list, .missing: break
        }
    }
}
