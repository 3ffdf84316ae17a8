import CTRKernels
import Testing

/// Products of embeddings and cross networks, and their gradients, which are added to what is there.
extension VectorLoopTests {
    /// Whether each is its double to some digits.
    private static func isClose(_ found: [Float], _ expected: [Double], _ tolerance: Double = 1e-4) -> Bool {
        found.count == expected.count
            && zip(found, expected).allSatisfy { abs(Double($0) - $1) < tolerance * max(1, abs($1)) }
    }

    private static func dot(_ a: ArraySlice<Float>, _ b: ArraySlice<Float>) -> Double {
        zip(a, b).reduce(0) { $0 + Double($1.0) * Double($1.1) }
    }

    /// Against the sum over pairs itself. Columns that are no field's come after the fields'.
    @Test(arguments: variants, [(1, 1, 1), (3, 2, 5), (7, 4, 16), (2, 26, 21), (5, 3, 4), (4, 39, 130)])
    func pairs(variant: Int, shape: (rows: Int, fields: Int, width: Int)) throws {
        let loops = try Self.loops(variant)
        let (rows, fields, width) = shape
        let stride = fields * width + 3
        let x = Self.random(rows * stride, 1)
        func vector(_ row: Int, _ field: Int) -> ArraySlice<Float> {
            x[(row * stride + field * width)..<(row * stride + (field + 1) * width)]
        }
        let (sums, logits) = (FloatBuffer(count: rows * width), FloatBuffer(count: rows))
        loops.pairs(x, stride, rows, fields, width, sums.base, logits.base)
        let expected = (0..<rows).map { row in
            (0..<fields).flatMap { i in (0..<i).map { Self.dot(vector(row, i), vector(row, $0)) } }.reduce(0, +)
        }
        #expect(Self.isClose(logits.array, expected, 1e-6 * Double(fields * width)))
        func sum(_ row: Int, _ column: Int, without left: Int? = nil) -> Double {
            (0..<fields).reduce(0) { $0 + ($1 == left ? 0 : Double(x[row * stride + $1 * width + column])) }
        }
        #expect(Self.isClose(sums.array, (0..<rows).flatMap { row in (0..<width).map { sum(row, $0) } }))

        let upstream = Self.random(rows, 2)
        let gradients = FloatBuffer([Float](repeating: 1, count: rows * stride))
        loops.pairs_gradients(x, stride, rows, fields, width, sums.base, upstream, gradients.base)
        let wanted = (0..<rows).flatMap { row in
            (0..<stride).map { column -> Double in
                if column >= fields * width { return 1 }
                return 1 + Double(upstream[row]) * sum(row, column % width, without: column / width)
            }
        }
        #expect(Self.isClose(gradients.array, wanted))
    }

    /// Against the layers one after the other.
    @Test(arguments: variants, [(1, 1), (3, 1), (4, 2), (7, 3), (16, 3), (21, 16), (64, 2), (429, 3)])
    func crossVectors(variant: Int, shape: (width: Int, layers: Int)) throws {
        let loops = try Self.loops(variant)
        let (rows, (width, layers)) = (3, shape)
        let scale = 1 / Float(width).squareRoot()
        let weights = Self.random(layers * width, 1).map { $0 * scale }
        let biases = Self.random(layers * width, 2)
        let (x, upstream) = (Self.random(rows * width, 3), Self.random(rows * width, 4))
        func lines(_ block: [Float]) -> [[Double]] {
            stride(from: 0, to: block.count, by: width).map { block[$0..<($0 + width)].map(Double.init) }
        }
        let cross = CrossLayers(weights: lines(weights), biases: lines(biases))
        let expected = zip(lines(x), lines(upstream)).map { cross.run($0, upstream: $1) }

        let lent = [weights, cross.constants.map(Float.init), cross.bias.map(Float.init)].map { FloatBuffer($0) }
        var loop = vl_cross(
            weights: lent[0].base, constants: lent[1].base, bias: lent[2].base, layers: layers, width: width)
        let (y, gradients) = (
            FloatBuffer(count: rows * width), FloatBuffer([Float](repeating: 1, count: rows * width))
        )
        let found = (0..<4).map { _ in FloatBuffer(count: rows * layers) }
        withExtendedLifetime(lent) {
            loops.cross_vectors(&loop, x, rows, found[0].base, found[1].base, y.base)
            loops.cross_vectors_gradients(
                &loop, x, rows, found[0].base, found[1].base, upstream, found[2].base, found[3].base, gradients.base)
        }
        #expect(Self.isClose(y.array, expected.flatMap(\.output)))
        #expect(Self.isClose(gradients.array, expected.flatMap(\.gradient).map { $0 + 1 }))
        #expect(Self.isClose(found[0].array, expected.flatMap(\.products)))
        #expect(Self.isClose(found[1].array, expected.flatMap(\.scales)))
        #expect(Self.isClose(found[2].array, expected.flatMap { zip($0.slopes, $0.scales).map { $0 * $1 } }))
        #expect(Self.isClose(found[3].array, expected.flatMap(\.slopes)))
    }

    @Test(arguments: variants, [1, 3, 4, 7, 16, 21, 64, 101]) func crossMatrices(variant: Int, count: Int) throws {
        let loops = try Self.loops(variant)
        let (first, x, products) = (Self.random(count, 1), Self.random(count, 2), Self.random(count, 3))
        let y = FloatBuffer(count: count)
        loops.cross_matrix(first, x, products, count, y.base)
        func each(_ element: (Int) -> Float) -> [Double] { (0..<count).map { Double(element($0)) } }
        #expect(Self.isClose(y.array, each { first[$0] * products[$0] + x[$0] }, 1e-6))

        let upstream = Self.random(count, 4)
        let ones = [Float](repeating: 1, count: count)
        // The products' gradient is written, whatever was there.
        let blocks = (0..<3).map { _ in FloatBuffer(ones) }
        loops.cross_matrix_gradients(
            first, products, upstream, count, blocks[0].base, blocks[1].base, blocks[2].base)
        #expect(Self.isClose(blocks[0].array, each { upstream[$0] * first[$0] }, 1e-6))
        #expect(Self.isClose(blocks[1].array, each { 1 + upstream[$0] * products[$0] }, 1e-6))
        #expect(Self.isClose(blocks[2].array, each { 1 + upstream[$0] }, 1e-6))
    }
}

/// A cross network of vectors in doubles, layer by layer.
private struct CrossLayers {
    let weights: [[Double]]
    let biases: [[Double]]

    /// What the biases of the layers before add to a layer's product.
    var constants: [Double] {
        weights.indices.map { layer in
            biases[..<layer].reduce(0) { $0 + Self.dot($1, weights[layer]) }
        }
    }

    var bias: [Double] { biases[0].indices.map { column in biases.reduce(0) { $0 + $1[column] } } }

    struct Row {
        var output: [Double]
        /// First input times weights, what each layer's input has of the first, and the gradient of its product.
        var products: [Double] = []
        var scales: [Double] = []
        var slopes: [Double] = []
        /// Of the first input.
        var gradient: [Double] = []
    }

    func run(_ first: [Double], upstream: [Double]) -> Row {
        var row = Row(output: first)
        var (scale, products): (Double, [Double]) = (1, [])
        for (weights, biases) in zip(weights, biases) {
            let product = Self.dot(row.output, weights)
            row.products.append(Self.dot(first, weights))
            row.scales.append(scale)
            products.append(product)
            scale += product
            row.output = row.output.indices.map { first[$0] * product + biases[$0] + row.output[$0] }
        }
        row.gradient = [Double](repeating: 0, count: first.count)
        var back = upstream
        for (weights, product) in zip(weights, products).reversed() {
            let slope = Self.dot(first, back)
            row.slopes.insert(slope, at: 0)
            row.gradient = zip(row.gradient, back).map { $0 + $1 * product }
            back = zip(back, weights).map { $0 + $1 * slope }
        }
        row.gradient = zip(row.gradient, back).map { $0 + $1 }
        return row
    }

    private static func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
}
