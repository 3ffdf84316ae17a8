import CTRKernels
import Testing

@testable import CTRFeatures
@testable import CTRNetwork

/// What is looked up instead of multiplied, against the product.
@Suite struct LookupTests {
    private static func choices(_ network: MadeNetwork, batchSize: Int?) -> [LookupChoice] {
        Array(LookupChoice.all(network.blueprint, batchSize: batchSize).values)
    }

    @Test func whatIsLookedUpAndWhatIsLeft() throws {
        let choice = try #require(Self.choices(.tower, batchSize: 72).first)
        #expect(choice.numberLookups == [1] && choice.embeddingLookups == [1])
        #expect(choice.runs == [0..<2, 11..<13, 28..<43] && choice.width == 19)
        #expect(choice.multiplied.numbers.map(\.index) == [0] && choice.multiplied.numbers.map(\.offset) == [2])
        let embeddings = choice.multiplied.embeddings
        #expect(embeddings.map(\.index) == [0, 2, 3, 4] && embeddings.map(\.offset) == [0, 4, 7, 15])
        let small = try #require(Self.choices(.tower, batchSize: 40).first)
        #expect(small.numberLookups == [1] && small.embeddingLookups.isEmpty)
        #expect(Self.choices(.tower, batchSize: nil).map(\.embeddingLookups) == [[1, 3]])
        #expect(Self.choices(.tower, batchSize: 9).isEmpty)
    }

    @Test func eachLayerOnFieldsLooksUpUnlessItIsNarrow() {
        #expect(Self.choices(.tower, batchSize: nil).map(\.isShared) == [false])
        #expect(Self.choices(.deepFM, batchSize: nil).map(\.isShared) == [true])
        #expect(Self.choices(.deepFM, batchSize: nil).allSatisfy { !$0.embeddingLookups.isEmpty })
        #expect(Self.choices(.crossNetwork, batchSize: nil).map(\.isShared) == [true])
        #expect(Self.choices(.twoTowers, batchSize: nil).map(\.isShared) == [true, true])
        #expect(Self.choices(.crossNetworkV2, batchSize: nil).count == 1)
        #expect(Self.choices(.aLayerReadTwice, batchSize: nil).map(\.isShared) == [false])
        #expect(Self.choices(.noHiddenLayer, batchSize: nil).isEmpty)
    }

    /// From the values, by the definitions, in doubles.
    @Test func predictionsAreThoseOfTheProduct() throws {
        let (network, made) = (try MadeNetwork.tower.network(), MadeRows(64))
        func block(_ name: String) throws -> [Double] {
            try #require(network.blocks.first { $0.shape.name == name }).block.weights.array.map(Double.init)
        }
        func embedding(_ name: String, width: Int, _ ids: some Collection<Int>) throws -> [Double] {
            let table = try block("deep.\(name).embedding")
            return (0..<width).map { column in
                ids.reduce(0) { $0 + table[$1 * width + column] } / Double(max(ids.count, 1))
            }
        }
        func encoding(_ bins: NumericBins, _ value: Double) -> [Double] {
            let segments = zip(bins.edges, bins.edges.dropFirst()).map { low, high in
                value.isNaN ? 0 : min(max((value - low) / (high - low), 0), 1)
            }
            return segments + bins.modes.map { $0 == value ? 1 : 0 } + [value.isNaN ? 1 : 0]
        }
        func input(_ row: Int) throws -> [Double] {
            func ids(_ source: IDSource) -> [Int] { made.rows.ids(source, row: row).map { Int($0) } }
            let few = ids(.slot(MadeRows.few))
            return try embedding("again", width: 2, few)
                + embedding("few", width: 9, few.map { $0 == MadeRows.rareID ? Int(Vocabulary.unknown) : $0 })
                + zip(MadeRows.bins, made.numbers[row]).flatMap(encoding)
                + embedding("binned", width: 3, ids(.slot(MadeRows.binned)))
                + embedding("many", width: 8, ids(.slot(MadeRows.many)))
                + embedding("words", width: 4, ids(.list(MadeRows.words)))
        }
        let layers = try (0..<3).map { layer in
            (weights: try block("deep.layers.\(layer).weight"), bias: try block("deep.layers.\(layer).bias"))
        }
        let logits = GradientCheck.predictions(network, made, IndexBuffer((0..<64).map { Int32($0) }))
        for row in 0..<64 {
            var values = try input(row)
            for (index, layer) in layers.enumerated() {
                let outputs = layer.bias.count
                values = (0..<outputs).map { output in
                    let sum = values.indices.reduce(layer.bias[output]) {
                        $0 + values[$1] * layer.weights[$1 * outputs + output]
                    }
                    return index < 2 ? max(sum, 0) : sum
                }
            }
            #expect(values.count == 1 && abs(Double(logits[row]) - values[0]) < 1e-4)
        }
    }

    /// Only plans for larger batches look up. After two steps, so that what is looked up has been worked out anew.
    @Test(arguments: [
        MadeNetwork.tower, .wideDeep, .numbersAlone, .deepFM, .twoTowers, .aLayerReadTwice, .crossNetwork,
        .crossNetworkV2,
    ]) func trainingIsThatOfTheProduct(network: MadeNetwork) throws {
        #expect(Self.choices(network, batchSize: 16).isEmpty && !Self.choices(network, batchSize: 720).isEmpty)
        let (product, lookup) = (
            try network.trained(rows: 16, steps: 2), try network.trained(rows: 16, capacity: 1000, steps: 2)
        )
        for ((shape, one), other) in zip(product.blocks, lookup.parameters) {
            for (one, other) in [(one.weights, other.weights), (one.average, other.average)] {
                #expect(zip(one.array, other.array).allSatisfy { abs($0 - $1) < 1e-4 }, "\(shape.name)")
            }
        }
    }
}
