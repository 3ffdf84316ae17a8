import CTRFeatures
import CTRNetwork
import Glibc

/// What an architecture declares its network on: the features as they are encoded, and the options.
package struct ModelInputs: Sendable {
    package let encoder: FeatureEncoder
    package let options: ModelOptions

    package init(_ encoder: FeatureEncoder, _ options: ModelOptions) {
        self.encoder = encoder
        self.options = options
    }

    /// Whether any feature's `part` lets it feed embeddings and layers.
    package var areDeep: Bool { encoder.features.contains { $0.spec.isDeep } }

    /// A weight for each id of the features whose `part` says so, and of the crosses. `leavesFrequent`: whether layers
    /// beside it learn from frequent ids as well.
    package func linear(in blueprint: inout Blueprint, leavesFrequent: Bool) -> [LinearFeature] {
        var features: [LinearFeature] = []
        for feature in encoder.features where feature.spec.isWide {
            features.append(
                blueprint.linearFeature(
                    feature.spec.name, feature.source, rows: feature.rowCount, leavesFrequent: leavesFrequent))
        }
        for cross in encoder.crosses {
            features.append(
                blueprint.linearFeature(
                    cross.name, .slot(cross.slot), rows: cross.vocabulary.rowCount, leavesFrequent: false))
        }
        return features
    }

    /// The features whose `part` says so, side by side: numbers by piecewise-linear encoding and those with modes by an
    /// embedding of their bins, too, categories by embeddings. Nil where there is none.
    package func fields(in blueprint: inout Blueprint) -> Signal? {
        var list = FieldList()
        for feature in encoder.features where feature.spec.isDeep {
            let name = feature.spec.name
            switch feature.state {
            case .numeric(let bins):
                list.add(number: name, bins, slot: feature.slot, fraction: feature.fraction)
                guard options.binEmbeddings, !bins.modes.isEmpty else { continue }
                list.add(
                    embedding: name, .embedding, rows: bins.idCount,
                    width: options.embeddingDimension ?? Self.binDimension, feature.source, to: &blueprint)
            case .categorical(let vocabulary), .multi(let vocabulary):
                list.add(
                    embedding: name, .embedding, rows: vocabulary.rowCount,
                    width: options.embeddingDimension ?? Self.embeddingDimension(vocabulary.rowCount),
                    feature.source, isRare: isRare(vocabulary), to: &blueprint)
            }
        }
        return list.width > 0 ? blueprint.fields(list) : nil
    }

    /// A vector of one width for each id of the features whose `part` says so: of numbers for each bin.
    package func factors(in blueprint: inout Blueprint) -> FieldList {
        var list = FieldList()
        for feature in encoder.features where feature.spec.isDeep {
            let isRare: (@Sendable (Int) -> Bool)? =
                switch feature.state {
                case .numeric: nil
                case .categorical(let vocabulary), .multi(let vocabulary): self.isRare(vocabulary)
                }
            list.add(
                embedding: feature.spec.name, .factors, rows: feature.rowCount, width: factorWidth, feature.source,
                isRare: isRare, to: &blueprint)
        }
        return list
    }

    package var factorWidth: Int { options.embeddingDimension ?? Self.factorDimension }

    /// The numbers' piecewise-linear encodings.
    package func addNumbers(to list: inout FieldList) {
        for feature in encoder.features where feature.spec.isDeep {
            guard case .numeric(let bins) = feature.state else { continue }
            list.add(number: feature.spec.name, bins, slot: feature.slot, fraction: feature.fraction)
        }
    }

    /// Of an id, whether it was seen too rarely for a row of its own.
    private func isRare(_ vocabulary: Vocabulary) -> @Sendable (Int) -> Bool {
        let (counts, minimum) = (vocabulary.counts, options.minimumCount)
        return { id in
            let entry = id - Vocabulary.reserved
            return counts.indices.contains(entry) && counts[entry] < minimum
        }
    }

    /// Width of a field's factors.
    package static let factorDimension = 8

    /// Width of the embedding that the bins of a number have if some of its values are modes. Such a column is no plain
    /// quantity: its values off the mode may each mean something else, which sums of segments learn slowly.
    package static let binDimension = 4

    /// Twice the fourth root of the number of ids, a multiple of four from 4 to 32.
    package static func embeddingDimension(_ rows: Int) -> Int {
        let root = 2 * pow(Double(max(rows, 1)), 0.25)
        return min(32, max(4, Int((root / 4).rounded(.up)) * 4))
    }

    /// What it was for fewer ids.
    static func embeddingDimensions(upTo dimension: Int) -> StrideThrough<Int> {
        stride(from: 4, through: dimension, by: 4)
    }
}

extension Blueprint {
    fileprivate mutating func linearFeature(
        _ name: String, _ source: IDSource, rows: Int, leavesFrequent: Bool
    ) -> LinearFeature {
        let weights = table(
            "wide.\(name).weight", .linear, name, rows: rows, width: 1,
            TableSource(source: source, isRare: nil, countsRows: leavesFrequent))
        return LinearFeature(name: name, source: source, parameter: weights)
    }

    /// The linear model alone, over every feature and no cross: what crosses have to better.
    package init(additive encoder: FeatureEncoder) {
        self.init()
        let intercept = self.intercept()
        var features: [LinearFeature] = []
        for feature in encoder.features {
            features.append(
                linearFeature(feature.spec.name, feature.source, rows: feature.rowCount, leavesFrequent: false))
        }
        add(terms: [(.linear, linear(intercept, features))])
    }

    /// The network of the model that the options name.
    package init(
        _ inputs: ModelInputs, tableWidth: @escaping @Sendable (ParameterShape) -> Int = { $0.width }
    ) {
        self.init(tableWidth: tableWidth)
        inputs.options.architecture.declare(inputs, in: &self)
    }
}

extension FeatureEncoder.Feature {
    /// Where its ids are.
    package var source: IDSource {
        if case .multi = state { return .list(slot) }
        return .slot(slot)
    }
}
