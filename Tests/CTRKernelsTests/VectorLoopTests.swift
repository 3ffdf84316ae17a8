import CTRKernels
import Testing

/// Each instruction set that this processor has, against plain loops in doubles.
@Suite struct VectorLoopTests {
    static let variants = (0..<Int(VL_VARIANTS)).filter { vl_variant($0) != nil }

    static func loops(_ index: Int) throws -> vl_loops { try #require(vl_variant(index)).pointee }

    static func random(_ count: Int, _ seed: UInt64) -> [Float] {
        var stream = RandomStream(seed: seed)
        return (0..<count).map { _ in stream.nextFloat() * 2 - 1 }
    }

    /// x · w + b, |x| rows × inputs.
    private static func product(_ x: [Float], _ w: [Float], _ b: [Float], inputs: Int, outputs: Int) -> [Double] {
        (0..<(x.count / inputs)).flatMap { row in
            (0..<outputs).map { column in
                (0..<inputs).reduce(Double(b[column])) {
                    $0 + Double(x[row * inputs + $1]) * Double(w[$1 * outputs + column])
                }
            }
        }
    }

    /// Every number of rows and columns up to more than a tile's, and more inputs than a single row's loop takes.
    @Test(
        arguments: variants,
        [
            (1, 1, 1), (9, 3, 50), (13, 33, 17), (8, 64, 48), (27, 5, 113), (3, 20, 97), (300, 21, 250), (2, 2100, 70),
            (2, 7, 96),
        ])
    func products(variant: Int, shape: (rows: Int, inputs: Int, outputs: Int)) throws {
        let loops = try Self.loops(variant)
        let (rows, inputs, outputs) = shape
        // Zeros among the inputs, as after a ReLU.
        let x = Self.random(rows * inputs, 1).map { max($0, 0) }
        let (w, b) = (Self.random(inputs * outputs, 2), Self.random(outputs, 3))
        let tolerance = inputs < 1000 ? 1e-4 : 1e-3
        let expected = Self.product(x, w, b, inputs: inputs, outputs: outputs)
        let packed = FloatBuffer(count: loops.packed_size(inputs, outputs))
        loops.pack(w, b, inputs, outputs, 0, inputs / 2, packed.base)
        loops.pack(Array(w[(inputs / 2 * outputs)...]), b, inputs, outputs, inputs / 2, inputs, packed.base)
        let y = FloatBuffer(count: rows * outputs)
        loops.multiply(x, inputs, 1, rows, packed.base, inputs, outputs, Int32(VL_RELU), y.base, outputs)
        #expect(zip(y.array, expected).allSatisfy { abs(Double($0) - max($1, 0)) < tolerance })
        // A row's bits are the same alone.
        for row in 0..<rows {
            let alone = FloatBuffer(count: outputs)
            loops.multiply(
                Array(x[(row * inputs)...]), inputs, 1, 1, packed.base, inputs, outputs, Int32(VL_RELU), alone.base,
                outputs)
            #expect(alone.array == Array(y.array[(row * outputs)..<((row + 1) * outputs)]))
        }
        // The transposed matrix, packed in two parts: y · wᵀ.
        let back = FloatBuffer(count: loops.packed_size(outputs, inputs))
        loops.pack_transposed(w, inputs, outputs, 0, inputs / 3, back.base)
        loops.pack_transposed(
            Array(w[(inputs / 3 * outputs)...]), inputs, outputs, inputs / 3, inputs, back.base)
        let transposed = (0..<outputs).flatMap { column in (0..<inputs).map { w[$0 * outputs + column] } }
        let backward = Self.product(
            y.array, transposed, [Float](repeating: 0, count: inputs), inputs: outputs, outputs: inputs)
        let z = FloatBuffer(count: rows * inputs)
        loops.multiply(y.base, outputs, 1, rows, back.base, outputs, inputs, Int32(VL_LINEAR), z.base, inputs)
        #expect(zip(z.array, backward).allSatisfy { abs(Double($0) - $1) < 1e-3 })
        // xᵀ · y, added to what is there.
        let pieces = FloatBuffer(count: loops.packed_size(rows, outputs))
        loops.pack(y.base, nil, rows, outputs, 0, rows, pieces.base)
        let gradient = FloatBuffer([Float](repeating: 1, count: inputs * outputs))
        loops.multiply(x, 1, inputs, inputs, pieces.base, rows, outputs, Int32(VL_ADD), gradient.base, outputs)
        let columns = (0..<inputs).flatMap { input in (0..<rows).map { x[$0 * inputs + input] } }
        let sums = Self.product(
            columns, y.array, [Float](repeating: 1, count: outputs), inputs: rows, outputs: outputs)
        #expect(zip(gradient.array, sums).allSatisfy { abs(Double($0) - $1) < 1e-3 })
    }

    /// Sums looked up and their gradients, of a feature with slopes and one whose ids share rows.
    @Test(arguments: variants, [1, 7, 16, 150]) func lookups(variant: Int, width: Int) throws {
        let loops = try Self.loops(variant)
        let (ids, rowOfID, slopeOfID) = (
            IndexBuffer([0, 2, 1, 1, 2, 0, 1, 2]), IndexBuffer([0, 1, 1]), IndexBuffer([-1, 0, 1])
        )
        let (fractions, bias) = (FloatBuffer(Self.random(4, 1)), Self.random(width, 2))
        let (first, second, slopes) = (
            FloatBuffer(Self.random(3 * width, 3)), FloatBuffer(Self.random(2 * width, 4)),
            FloatBuffer(Self.random(2 * width, 5))
        )
        let lists = Buffer<vl_list>(count: 1)
        var rows = vl_rows(
            ids: ids.base, slots: 2, fractions: fractions.base, fraction_count: 1, lists: lists.base)
        let features = [
            vl_lookup(
                sums: first.base, row_of_id: nil, slopes: slopes.base, slope_of_id: slopeOfID.base, slot: 0,
                fraction: 0),
            vl_lookup(
                sums: second.base, row_of_id: rowOfID.base, slopes: nil, slope_of_id: nil, slot: 1, fraction: 0),
        ]
        let chosen: [Int32] = [3, 0, 1]
        let found = FloatBuffer(count: 3 * width)
        chosen.withUnsafeBufferPointer { chosen in
            let selection = vl_selection(rows: chosen.baseAddress, first: 0, count: 3)
            loops.lookup(&rows, selection, features, 2, bias, found.base, width)
        }
        var (wantedFirst, wantedSecond, wantedSlopes) = (first.array, second.array, slopes.array)
        let gradients = Self.random(3 * width, 6)
        for (position, row) in chosen.map(Int.init).enumerated() {
            let (id, shared) = (Int(ids.base[row * 2]), Int(rowOfID.base[Int(ids.base[row * 2 + 1])]))
            for column in 0..<width {
                var sum = bias[column] + first.base[id * width + column]
                if id > 0 { sum += fractions.base[row] * slopes.base[(id - 1) * width + column] }
                sum += second.base[shared * width + column]
                #expect(abs(found.base[position * width + column] - sum) < 1e-5)
                let gradient = gradients[position * width + column]
                wantedFirst[id * width + column] += gradient
                wantedSecond[shared * width + column] += gradient
                if id > 0 { wantedSlopes[(id - 1) * width + column] += fractions.base[row] * gradient }
            }
        }
        chosen.withUnsafeBufferPointer { chosen in
            let selection = vl_selection(rows: chosen.baseAddress, first: 0, count: 3)
            loops.lookup_gradients(&rows, selection, features, 2, gradients, width)
        }
        for (block, wanted) in [(first, wantedFirst), (second, wantedSecond), (slopes, wantedSlopes)] {
            #expect(zip(block.array, wanted).allSatisfy { abs($0 - $1) < 1e-5 })
        }
    }

    @Test(arguments: variants) func aNaNStaysOne(variant: Int) throws {
        let loops = try Self.loops(variant)
        let (weights, bias) = (Self.random(37, 1), Self.random(37, 2))
        let packed = FloatBuffer(count: loops.packed_size(1, 37))
        loops.pack(weights, bias, 1, 37, 0, 1, packed.base)
        let y = FloatBuffer(count: 2 * 37)
        for rows in 1...2 {
            loops.multiply([.nan, .nan], 1, 1, rows, packed.base, 1, 37, Int32(VL_RELU), y.base, 37)
            #expect(y.array.prefix(rows * 37).allSatisfy { $0.isNaN })
        }
    }

    @Test(arguments: variants) func elements(variant: Int) throws {
        let loops = try Self.loops(variant)
        for count in [1, 3, 4, 7, 16, 21, 64, 101] {
            let (a, b) = (Self.random(count, 4), Self.random(count, 5))
            var sum = a
            loops.add_scaled(b, 0.5, &sum, count)
            #expect(zip(sum, zip(a, b)).allSatisfy { abs($0 - ($1.0 + 0.5 * $1.1)) < 1e-6 })
            var masked = b
            loops.mask(&masked, a, 2, count)
            #expect(masked == zip(a, b).map { $0 > 0 ? 2 * $1 : 0 })
            var average = a
            loops.decay(&average, b, 0.25, count)
            #expect(zip(average, zip(a, b)).allSatisfy { abs($0 - ($1.1 + ($1.0 - $1.1) * 0.25)) < 1e-6 })
            let block = Self.random(3 * count, 6)
            var sums = [Float](repeating: 9, count: count)
            loops.column_sums(block, &sums, 3, count)
            #expect(
                sums.indices.allSatisfy {
                    abs(sums[$0] - (block[$0] + block[count + $0] + block[2 * count + $0])) < 1e-5
                })
        }
    }

    /// Rows that a batch touches learn what the same weights learn side by side, whatever their width.
    @Test(arguments: variants, [Int32(VL_FTRL), Int32(VL_ADAGRAD), Int32(VL_ADAM)])
    func touchedRows(variant: Int, kind: Int32) throws {
        let loops = try Self.loops(variant)
        for width in [1, 3, 4, 16, 29, 130] {
            let count = 40 * width
            func table(_ seed: UInt64) -> [FloatBuffer] {
                (0..<4).map { FloatBuffer(Self.random(count, seed + $0).map { abs($0) + 0.1 }) }
            }
            var settings = vl_optimizer()
            (settings.kind, settings.rate, settings.beta, settings.l1, settings.l2) = (kind, 0.1, 1, 0.01, 0.5)
            (settings.initial, settings.beta1, settings.beta2, settings.epsilon) = (0.01, 0.9, 0.99, 1e-8)
            (settings.mean_correction, settings.square_correction, settings.now) = (0.5, 0.5, 0.9)
            let (one, other) = (table(10), table(10))
            func pointers(_ blocks: [FloatBuffer], _ width: Int) -> vl_table {
                vl_table(
                    weights: blocks[0].base, state1: blocks[1].base, state2: blocks[2].base, average: blocks[3].base,
                    width: width)
            }
            let gradients = Self.random(60 * width, 20)
            // Rows 0, 2, 4 … 38, each at the three positions i, i + 20, i + 40.
            let rows = (0..<20).map { Int32($0 * 2) }
            let starts = (0...20).map { Int32($0 * 3) }
            let positions = (0..<20).flatMap { [Int32($0), Int32($0 + 20), Int32($0 + 40)] }
            let penalty: Float = kind == Int32(VL_FTRL) ? 1 : 0
            let (since, penalties) = ([Float](repeating: 1, count: 20), [Float](repeating: penalty, count: 20))
            let indices = [rows, starts, positions].map { IndexBuffer($0) }
            let floats = [since, penalties, gradients].map { FloatBuffer($0) }
            var touched = vl_touched(
                rows: indices[0].base, starts: indices[1].base, positions: indices[2].base, scales: nil,
                since: floats[0].base, penalties: floats[1].base, count: 20, gradients: floats[2].base, stride: width)
            var whole = pointers(one, width)
            // An array's end is where it is last named, which its pointers outlive.
            withExtendedLifetime((one, indices, floats)) { loops.update_rows(&settings, &whole, &touched) }
            var single = pointers(other, width)
            for row in 0..<20 {
                let sum = (0..<width).map { column in
                    (0..<3).reduce(Float(0)) { $0 + gradients[(row + 20 * $1) * width + column] }
                }
                withExtendedLifetime(other) { loops.update(&settings, &single, row * 2 * width, width, sum, 1) }
            }
            for (a, b) in zip(one, other) {
                #expect(zip(a.array, b.array).allSatisfy { abs($0 - $1) < 1e-5 }, "width \(width)")
            }
            #expect(one[0].array[width..<(2 * width)] == table(10)[0].array[width..<(2 * width)])
        }
    }
}
