import CTRKernels
import Testing

@testable import CTRFeatures
@testable import CTRModels

/// What is looked up instead of multiplied, against the product.
@Suite struct FoldedSumsTests {
    private static let (rowCount, outputs) = (64, 19)
    private let network: WideDeep
    private let rows: TrainingRows

    /// A number with modes, a number too narrow to be folded, categories of few values with a rare one, and of many.
    init() {
        func block(_ rows: Int, _ width: Int, _ seed: UInt64) -> Parameters {
            let block = Parameters(rows: rows, width: width)
            block.weights.assign(from: LayerGradientTests.random(rows * width, seed))
            return block
        }
        var network = WideDeep(embeddings: [])
        let bins = [
            NumericBins(edges: [0, 1], modes: []), NumericBins(edges: (0...12).map(Double.init), modes: [3, 7.5]),
        ]
        var encoded = EncodedRows()
        (encoded.rowCount, encoded.slotCount, encoded.fractionCount) = (Self.rowCount, 4, 2)
        encoded.ids = IndexBuffer(count: Self.rowCount * 4)
        encoded.fractions = FloatBuffer(count: Self.rowCount * 2)
        var random = RandomStream(seed: 1)
        for row in 0..<Self.rowCount {
            for (index, bins) in bins.enumerated() {
                let draw = Double(random.nextFloat())
                let value = draw < 0.1 ? .nan : draw < 0.3 ? 3 : draw < 0.4 ? 7.5 : draw * 20 - 5
                let (id, fraction) = bins.withEdges { $0.encode(value) }
                encoded.ids.base[row * 4 + index] = id
                encoded.fractions.base[row * 2 + index] = fraction
            }
            encoded.ids.base[row * 4 + 2] = Int32(random.nextFloat() * 7)
            encoded.ids.base[row * 4 + 3] = Int32(random.nextFloat() * 40)
        }
        rows = TrainingRows(encoded)
        func add(_ slot: Int, _ table: Parameters, isRare: @escaping (Int) -> Bool = { _ in false }) {
            network.embeddings.append(
                EmbeddingLayer(
                    name: "c", source: .slot(slot), table: table, offset: network.inputWidth, isRare: isRare))
            network.inputWidth += table.width
        }
        func add(_ index: Int) {
            network.numeric.append(
                PiecewiseLinearLayer(bins: bins[index], slot: index, fraction: index, offset: network.inputWidth))
            network.inputWidth += bins[index].width
        }
        add(2, block(7, 9, 2)) { $0 == 5 }
        add(0)
        add(1)
        add(3, block(40, 8, 3))
        network.dense = [
            DenseLayer(
                weights: block(network.inputWidth, Self.outputs, 4), bias: block(1, Self.outputs, 5), isHidden: true),
            DenseLayer(weights: block(Self.outputs, 1, 6), bias: block(1, 1, 7), isHidden: false),
        ]
        self.network = network
    }

    private var all: vl_selection { vl_selection(rows: nil, first: 0, count: Self.rowCount) }

    /// The whole input, rows × inputs.
    private var input: [Float] {
        let input = FloatBuffer(count: Self.rowCount * network.inputWidth)
        RowReader(network, using: .current).deepInput(rows, all, into: input.base)
        return input.array
    }

    @Test func whatIsFoldedAndWhatIsLeft() {
        let training = InputDivision(network, batchSize: Self.rowCount)
        #expect(training.foldedNumbers == [1] && training.foldedEmbeddings == [0])
        #expect(training.numbers.map(\.offset) == [0] && training.embeddings.map(\.offset) == [2])
        #expect(training.inputs == [9..<11, 26..<34] && training.width == 10)
        #expect(InputDivision(network).foldedEmbeddings == [0, 1])
        #expect(InputDivision(network, batchSize: 8).isWhole)
    }

    @Test func predictionsAreThoseOfTheProduct() throws {
        let (input, first, last) = (input, network.dense[0], network.dense[1])
        let logits = FloatBuffer(count: Self.rowCount)
        try network.logits(rows, range: 0..<Self.rowCount, into: logits.base)
        for row in 0..<Self.rowCount {
            var logit = Double(last.bias.weights.base[0])
            for output in 0..<Self.outputs {
                var sum = Double(first.bias.weights.base[output])
                for index in 0..<network.inputWidth {
                    sum +=
                        Double(input[row * network.inputWidth + index])
                        * Double(first.weights.weights.base[index * Self.outputs + output])
                }
                logit += max(sum, 0) * Double(last.weights.weights.base[output])
            }
            #expect(abs(Double(logits.base[row]) - logit) < 1e-4)
        }
    }

    @Test func gradientsAreThoseOfTheProduct() throws {
        let (input, width, weights) = (input, network.inputWidth, network.dense[0].weights.weights)
        let folded = try #require(FoldedPass(network, InputDivision(network, batchSize: Self.rowCount)))
        let upstream = LayerGradientTests.random(Self.rowCount * Self.outputs, 8)
        /// The weights' gradient of some inputs, xᵀ · g.
        func expected(_ inputs: Range<Int>) -> [Double] {
            inputs.flatMap { index in
                (0..<Self.outputs).map { output in
                    (0..<Self.rowCount).reduce(0.0) {
                        $0 + Double(input[$1 * width + index]) * Double(upstream.base[$1 * Self.outputs + output])
                    }
                }
            }
        }
        func isClose(_ found: FloatBuffer, _ wanted: [Double]) -> Bool {
            zip(found.array, wanted).allSatisfy { abs(Double($0) - $1) < 1e-4 } && found.count == wanted.count
        }
        // Twice: what is gathered is not added to what was gathered before.
        for _ in 0..<2 {
            folded.gather(0, rows, all, gradient: upstream.base)
            let number = network.numeric[1]
            let gradient = FloatBuffer(count: number.width * Self.outputs)
            folded.weightGradient(ofNumber: 0, into: gradient.base)
            #expect(isClose(gradient, expected(number.inputs)))
            folded.gather(1, rows, all, gradient: upstream.base)
            let layer = network.embeddings[0]
            let (own, table) = (
                FloatBuffer(count: layer.table.width * Self.outputs), FloatBuffer(count: layer.table.weights.count)
            )
            folded.gradients(ofEmbedding: 0, weights: own.base, table: table.base)
            #expect(isClose(own, expected(layer.inputs)))
            var wanted = [Double](repeating: 0, count: table.count)
            for row in 0..<Self.rowCount {
                let id = Int(rows.ids.base[row * 4 + 2])
                let place = (id == 5 ? Int(Vocabulary.unknown) : id) * layer.table.width
                for column in 0..<layer.table.width {
                    for output in 0..<Self.outputs {
                        wanted[place + column] +=
                            Double(upstream.base[row * Self.outputs + output])
                            * Double(weights.base[(layer.offset + column) * Self.outputs + output])
                    }
                }
            }
            #expect(isClose(table, wanted))
        }
    }
}
