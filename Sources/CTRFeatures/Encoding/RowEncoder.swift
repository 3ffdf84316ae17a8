import CTRKernels

/// A feature encoder laid out for reading: what encodes rows in serving, value by value from where they lie.
///
/// It gives the ids that `FeatureEncoder.encode` gives. It is made once for a model, and any number of threads use it.
package final class RowEncoder: @unchecked Sendable {
    package let encoder: FeatureEncoder
    let features: [FeatureLookup]
    let crosses: [CrossLookup]
    /// The bins' edges and modes, of all numeric features.
    private let edges: Buffer<Double>
    /// Of each feature; they live for as long as their views are read.
    private let integers: [IntegerIndex?]

    package init(_ encoder: FeatureEncoder) {
        self.encoder = encoder
        var numbers: [Double] = []
        for feature in encoder.features {
            if case .numeric(let bins) = feature.state { numbers += bins.edges + bins.modes }
        }
        let edges = Buffer(numbers)
        self.edges = edges
        var used = 0
        func next(_ count: Int) -> UnsafeBufferPointer<Double> {
            defer { used += count }
            return UnsafeBufferPointer(start: edges.base + used, count: count)
        }
        let integers = encoder.features.map { feature -> IntegerIndex? in
            switch feature.state {
            case .numeric: nil
            case .categorical(let vocabulary), .multi(let vocabulary): IntegerIndex(vocabulary)
            }
        }
        self.integers = integers
        features = zip(encoder.features, integers).map { feature, integers in
            let state: FeatureLookup.State
            switch feature.state {
            case .numeric(let bins):
                let edges = next(bins.edges.count)
                let modes = next(bins.modes.count)
                state = feature.isSilent ? .silent : .numeric(BinEdges(edges: edges, modes: modes))
            case .categorical(let vocabulary): state = .categorical(CategoryLookup(vocabulary, integers))
            case .multi(let vocabulary): state = .multi(CategoryLookup(vocabulary, integers))
            }
            return FeatureLookup(state: state, slot: feature.slot, fraction: feature.fraction)
        }
        crosses = encoder.crosses.map { CrossLookup($0, of: encoder.features) }
    }

    /// Rows of zeros for `count` rows of this encoder.
    func emptyRows(_ count: Int) -> EncodedRows {
        EncodedRows(
            rowCount: count, slotCount: encoder.slotCount, fractionCount: encoder.fractionCount,
            listCount: encoder.listCount)
    }

    /// One row of numbers, such as an impression's, into the workspace: the same ids as `encode` gives for a table of
    /// that row. `columns` says for each feature where its columns are among `values`.
    package func encode(
        _ values: UnsafePointer<Double>, columns: [[Int]], in workspace: EncodingWorkspace
    ) throws(CTRError) -> EncodedRows {
        try workspace.reserve(rows: 1, of: self)
        let target = RowTarget(workspace.rows)
        for (index, columns) in zip(features.indices, columns) {
            let feature = features[index]
            guard case .multi(let categories) = feature.state else {
                let value = columns.first.map { values[$0] } ?? .nan
                // Numbers are of every feature's kind.
                _ = feature.write(value.isNaN ? .missing : .number(value), row: 0, to: target)
                continue
            }
            try workspace.reserve(list: feature.slot, ids: columns.count)
            let list = workspace.rows.lists[feature.slot]
            var count = 0
            for column in columns where !FeatureInput.isEmpty(values[column]) {
                list.ids.base[count] = categories.row(of: .number(values[column]))
                count += 1
            }
            list.offsets.base[1] = count
        }
        for cross in crosses { cross.write(row: 0, to: target) }
        return workspace.rows
    }
}
