import CTRKernels
import CTRModels
import Glibc

/// What memory can do, and what the passes over embeddings and weights do of it. Bytes are those that have to cross:
/// read, or read and written (twice).
struct TableLoops {
    /// Of 16 floats, a cache line each: tables far larger than the caches that are a core's own.
    private let tableRows = 1 << 20
    private let width = 16
    private let touchedRows = 1 << 15
    private var bytes: Double { Double(width * 4) }

    var peaks: [MicroCommand.Loop] {
        let table = Double(tableRows) * bytes
        return [
            MicroCommand.Loop(name: "memory, copied from one end to the other", work: 2 * table) {
                let (from, to) = (MicroCommand.random(tableRows * width), FloatBuffer(count: tableRows * width))
                return { memcpy(to.base, from.base, tableRows * width * 4) }
            },
            MicroCommand.Loop(name: "memory, rows of 64 bytes read here and there", work: Double(touchedRows) * bytes) {
                let (from, rows) = (MicroCommand.random(tableRows * width), scattered())
                let sum = FloatBuffer(count: width)
                return {
                    for index in 0..<touchedRows {
                        VectorLoops.chosen.pointee.add_scaled(
                            from.base + Int(rows.base[index]) * width, 1, sum.base, width)
                    }
                }
            },
        ]
    }

    var passes: [MicroCommand.Loop] {
        let touched = Double(touchedRows)
        return [
            MicroCommand.Loop(name: "embedding rows gathered", work: 2 * touched * bytes) { gather(wide: false) },
            MicroCommand.Loop(name: "wide weights gathered", work: touched * 64) { gather(wide: true) },
            updateRows("embedding rows, AdaGrad and average", VL_ADAGRAD, width: width, arrays: 3),
            updateRows("embedding rows, Adam and average", VL_ADAM, width: width, arrays: 4),
            updateRows("wide weights, FTRL and average", VL_FTRL, width: 1, arrays: 4),
            update("dense weights, AdaGrad and average", VL_ADAGRAD, arrays: 3),
            update("dense weights, Adam and average", VL_ADAM, arrays: 4),
            MicroCommand.Loop(name: "averages brought up to date", work: 3 * Double(tableRows) * bytes) {
                let (weights, average) = (MicroCommand.random(tableRows * width), FloatBuffer(count: tableRows * width))
                return { VectorLoops.chosen.pointee.decay(average.base, weights.base, 0.5, tableRows * width) }
            },
        ]
    }

    /// Distinct rows in ascending order, as a batch's are after the sort.
    private func scattered() -> IndexBuffer {
        var stream = RandomStream(seed: 7)
        let step = tableRows / touchedRows
        return IndexBuffer((0..<touchedRows).map { Int32($0 * step + stream.nextIndex(below: step)) })
    }

    private func gather(wide: Bool) -> () -> Void {
        let (table, rows) = (MicroCommand.random(tableRows * width), scattered())
        var shuffled = rows.array
        var stream = RandomStream(seed: 8)
        stream.shuffle(&shuffled)
        // A row of each width: of the wide weights one in a cache line of 64 bytes is read.
        let ids = IndexBuffer(wide ? shuffled.map { $0 * Int32(width) } : shuffled)
        let (output, fractions) = (FloatBuffer(count: touchedRows * width), FloatBuffer(count: 1))
        let lists = Buffer<vl_list>(count: 0)
        return {
            var view = vl_rows(
                ids: ids.base, slots: 1, fractions: fractions.base, fraction_count: 0, lists: lists.base)
            let all = vl_selection(rows: nil, first: 0, count: touchedRows)
            if wide {
                var layer = vl_wide(weights: table.base, slot: 0, list: 0)
                VectorLoops.chosen.pointee.wide(&view, all, &layer, 1, 0, output.base)
            } else {
                var layer = vl_embedding(
                    table: table.base, row_of_id: nil, slot: 0, list: 0, width: width, offset: 0)
                VectorLoops.chosen.pointee.embeddings(&view, all, &layer, 1, output.base, width)
            }
        }
    }

    private func settings(_ kind: Int) -> vl_optimizer {
        var settings = vl_optimizer()
        (settings.kind, settings.rate, settings.beta, settings.initial) = (Int32(kind), 0.1, 1, 0.01)
        (settings.beta1, settings.beta2, settings.epsilon, settings.now) = (0.9, 0.999, 1e-8, 0.99)
        (settings.mean_correction, settings.square_correction) = (1, 1)
        return settings
    }

    private func blocks(_ count: Int) -> [FloatBuffer] { (1...4).map { MicroCommand.random(count, seed: $0) } }

    private func pointers(_ blocks: [FloatBuffer], _ kind: Int, _ width: Int) -> vl_table {
        vl_table(
            weights: blocks[0].base, state1: blocks[1].base, state2: kind == VL_ADAGRAD ? nil : blocks[2].base,
            average: blocks[3].base, width: width)
    }

    /// A row of one float stands alone in a cache line, which is what is read and written.
    private func updateRows(_ name: String, _ kind: Int, width: Int, arrays: Int) -> MicroCommand.Loop {
        let work = Double(touchedRows) * (2 * Double(arrays) * 64 + Double(width * 4))
        return MicroCommand.Loop(name: name, work: work) {
            let blocks = blocks(tableRows * self.width)
            for index in 0..<blocks[1].count { blocks[1].base[index] = abs(blocks[1].base[index]) }
            for index in 0..<blocks[2].count { blocks[2].base[index] = abs(blocks[2].base[index]) }
            let scale = Int32(self.width / width)
            let rows = IndexBuffer(scattered().array.map { $0 * scale })
            let positions = IndexBuffer((0...touchedRows).map { Int32($0) })
            let (shares, gradients) = (FloatBuffer(count: touchedRows), MicroCommand.random(touchedRows * width))
            return {
                var (settings, table) = (settings(kind), pointers(blocks, kind, width))
                var touched = vl_touched(
                    rows: rows.base, starts: positions.base, positions: positions.base, scales: nil,
                    since: shares.base, penalties: shares.base, count: touchedRows, gradients: gradients.base,
                    stride: width)
                VectorLoops.chosen.pointee.update_rows(&settings, &table, &touched)
            }
        }
    }

    private func update(_ name: String, _ kind: Int, arrays: Int) -> MicroCommand.Loop {
        let count = tableRows * width
        return MicroCommand.Loop(name: name, work: Double(count) * 4 * (2 * Double(arrays) + 1)) {
            let (blocks, gradient) = (blocks(count), MicroCommand.random(count, seed: 5))
            for block in blocks[1...2] { for index in 0..<count { block.base[index] = abs(block.base[index]) } }
            return {
                var (settings, table) = (settings(kind), pointers(blocks, kind, 1))
                VectorLoops.chosen.pointee.update(&settings, &table, 0, count, gradient.base, 1)
            }
        }
    }
}
