import CTRFeatures
import CTRKernels
import Glibc

/// Wide & Deep (Cheng et al., "Wide & Deep Learning for Recommender Systems", 2016, equation 3):
///
///     P(click) = σ( bias + Σ wide weights + deep(embeddings, numbers) )
///
/// The wide part is linear in the features' ids and their crosses and memorises; the deep part is a ReLU network on
/// embeddings and numbers and generalises. Both feed one logit and are trained together on its logistic loss.
package struct WideDeep: Sendable {
    /// 1 × 1
    package var bias: Parameters
    package var wide: [WideLayer] = []
    package var numeric: [PiecewiseLinearLayer] = []
    package var embeddings: [EmbeddingLayer] = []
    package var dense: [DenseLayer] = []
    package var inputWidth = 0

    /// Where a parameter block comes from: fresh, read from a file, or continued from an earlier model. A block that is
    /// continued keeps its width.
    package typealias MakeParameters = (_ name: String, _ rows: Int, _ width: Int) throws(CTRError) -> Parameters

    package init(encoder: FeatureEncoder, options: ModelOptions, make: MakeParameters) throws(CTRError) {
        bias = try make("bias", 1, 1)
        if options.part != .deep { try addWide(encoder, make) }
        if options.part != .wide { try addDeep(encoder, options, make) }
    }

    private mutating func addWide(_ encoder: FeatureEncoder, _ make: MakeParameters) throws(CTRError) {
        for feature in encoder.features where feature.spec.isWide {
            let name = feature.spec.name
            wide.append(
                WideLayer(
                    name: name, source: Self.source(of: feature),
                    table: try make("wide.\(name).weight", feature.rowCount, 1)))
        }
        for cross in encoder.crosses {
            wide.append(
                WideLayer(
                    name: cross.name, source: .slot(cross.slot),
                    table: try make("wide.\(cross.name).weight", cross.vocabulary.rowCount, 1), isCross: true))
        }
    }

    private mutating func addDeep(
        _ encoder: FeatureEncoder, _ options: ModelOptions, _ make: MakeParameters
    ) throws(CTRError) {
        for feature in encoder.features where feature.spec.isDeep {
            let name = feature.spec.name
            switch feature.state {
            case .numeric(let bins):
                numeric.append(
                    PiecewiseLinearLayer(
                        bins: bins, slot: feature.slot, fraction: feature.fraction, offset: inputWidth))
                inputWidth += bins.width
                guard options.binEmbeddings, !bins.modes.isEmpty else { continue }
                addEmbedding(
                    feature,
                    try make(
                        "deep.\(name).embedding", bins.idCount, options.embeddingDimension ?? Self.binDimension))
            case .categorical(let vocabulary), .multi(let vocabulary):
                let width = options.embeddingDimension ?? Self.embeddingDimension(vocabulary.rowCount)
                addEmbedding(feature, try make("deep.\(name).embedding", vocabulary.rowCount, width)) { id in
                    let entry = id - Vocabulary.reserved
                    return vocabulary.counts.indices.contains(entry) && vocabulary.counts[entry] < options.minimumCount
                }
            }
        }
        guard inputWidth > 0 else { return }
        var inputs = inputWidth
        for (index, outputs) in (options.hiddenUnits + [1]).enumerated() {
            dense.append(
                DenseLayer(
                    weights: try make("deep.layers.\(index).weight", inputs, outputs),
                    bias: try make("deep.layers.\(index).bias", 1, outputs),
                    isHidden: index < options.hiddenUnits.count))
            inputs = outputs
        }
    }

    private mutating func addEmbedding(
        _ feature: FeatureEncoder.Feature, _ table: Parameters, isRare: (Int) -> Bool = { _ in false }
    ) {
        embeddings.append(
            EmbeddingLayer(
                name: feature.spec.name, source: Self.source(of: feature), table: table, offset: inputWidth,
                isRare: isRare))
        inputWidth += table.width
    }

    /// The linear model alone, over every feature and no cross: what crosses have to better.
    package init(additive encoder: FeatureEncoder) {
        bias = Parameters(rows: 1, width: 1)
        for feature in encoder.features {
            wide.append(
                WideLayer(
                    name: feature.spec.name, source: Self.source(of: feature),
                    table: Parameters(rows: feature.rowCount, width: 1)))
        }
    }

    /// Embeddings alone, without layers above them.
    init(embeddings: [EmbeddingLayer]) {
        bias = Parameters(rows: 1, width: 1)
        self.embeddings = embeddings
    }

    private static func source(of feature: FeatureEncoder.Feature) -> IDSource {
        if case .multi = feature.state { return .list(feature.slot) }
        return .slot(feature.slot)
    }

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

    /// Every parameter block by its name in the model file.
    package var parameters: [(name: String, block: Parameters)] {
        var all: [(String, Parameters)] = [("bias", bias)]
        for layer in wide { all.append(("wide.\(layer.name).weight", layer.table)) }
        for layer in embeddings { all.append(("deep.\(layer.name).embedding", layer.table)) }
        for (index, layer) in dense.enumerated() {
            all.append(("deep.layers.\(index).weight", layer.weights))
            all.append(("deep.layers.\(index).bias", layer.bias))
        }
        return all
    }

    /// Starts a new block: embeddings random, hidden layers by He et al. (2015), the last layer and the wide
    /// part at zero, so that the joint model starts as its wide part. `seed` and the name choose the random stream.
    package static func initialize(
        _ name: String, rows: Int, width: Int, seed: UInt64, isLast: Bool, threads: Int = 1
    ) -> Parameters {
        let block = Parameters(rows: rows, width: width)
        let isBias = name.utf8.suffix(5).elementsEqual(".bias".utf8)
        guard part(of: name) == .deep, !isBias, !isLast else { return block }
        let isEmbedding = embeddedFeature(of: name) != nil
        let scale: Float = isEmbedding ? embeddingScale : (2 / Float(max(rows, 1))).squareRoot()
        RandomStream(seed: seed, XXH64.hash(name)).fill(
            block.weights.base, count: rows * width, deviation: scale, threads: threads)
        return block
    }

    /// The part that a block of that name belongs to; nil for the bias. Names are read by their bytes: a feature's may begin
    /// with a mark that makes one character with the dot before it.
    static func part(of name: String) -> ModelOptions.Part? {
        if name.utf8.starts(with: "wide.".utf8) { return .wide }
        return name.utf8.starts(with: "deep.".utf8) ? .deep : nil
    }

    /// The feature whose embedding this block is; nil for other blocks.
    static func embeddedFeature(of name: String) -> String? {
        let (prefix, suffix) = ("deep.".utf8, ".embedding".utf8)
        guard name.utf8.count >= prefix.count + suffix.count, name.utf8.starts(with: prefix),
            name.utf8.suffix(suffix.count).elementsEqual(suffix)
        else { return nil }
        return String(decoding: name.utf8.dropFirst(prefix.count).dropLast(suffix.count), as: UTF8.self)
    }

    /// Standard deviation of a new embedding. Much smaller and the deep part finds the wide part has learnt it all.
    private static let embeddingScale: Float = 0.3
}
