import CTRFeatures
import CTRKernels

/// The rows of a table that a batch touches, each with its positions in the batch, brought together by a stable sort: what
/// is summed for a row is summed in the batch's order, and the table is passed through once, in order.
///
/// Its memory is kept from batch to batch. One thread at a time.
final class TouchedRows {
    private(set) var count = 0
    private let sorter = RadixSorter()
    private var rows = IndexBuffer(count: 0)
    private var starts = IndexBuffer(count: 0)
    /// 0, 1, 2, …
    private var each = IndexBuffer(count: 0)
    private var positions = IndexBuffer(count: 0)
    private var scales = FloatBuffer(count: 0)
    private var since = FloatBuffer(count: 0)
    private var penalties = FloatBuffer(count: 0)
    private var unsorted = IndexBuffer(count: 0)
    private var unsortedScales = FloatBuffer(count: 0)
    private var hasScales = false

    /// Finds the rows; `rowOfID` where an id's row is not its number.
    func gather(
        _ encoded: TrainingRows, batch: UnsafeBufferPointer<Int32>, source: IDSource, rowOfID: IndexBuffer?,
        tableRows: Int
    ) {
        let occurrences: Int
        switch source {
        case .slot(let slot):
            reserve(batch.count)
            hasScales = false
            occurrences = batch.count
            let values = sorter.values
            let ids = encoded.ids.base + slot
            for position in 0..<batch.count {
                let id = ids[Int(batch[position]) * encoded.slotCount]
                values[position] = Self.key(rowOfID, id, position)
            }
        case .list:
            var total = 0
            for position in 0..<batch.count { total += encoded.ids(source, row: Int(batch[position])).count }
            reserve(total)
            hasScales = true
            occurrences = total
            let values = sorter.values
            var next = 0
            for position in 0..<batch.count {
                let ids = encoded.ids(source, row: Int(batch[position]))
                for id in ids {
                    values[next] = Self.key(rowOfID, id, next)
                    unsorted.base[next] = Int32(truncatingIfNeeded: position)
                    unsortedScales.base[next] = 1 / Float(ids.count)
                    next += 1
                }
            }
        }
        sorter.sort(count: occurrences, shift: 32, bits: Int.bitWidth - max(tableRows - 1, 1).leadingZeroBitCount)
        collect(occurrences)
    }

    /// The row above, the occurrence's number below.
    @inline(__always)
    private static func key(_ rowOfID: IndexBuffer?, _ id: Int32, _ number: Int) -> UInt64 {
        let row = rowOfID.map { $0.base[Int(id)] } ?? id
        return UInt64(UInt32(bitPattern: row)) << 32 | UInt64(UInt32(truncatingIfNeeded: number))
    }

    private func collect(_ occurrences: Int) {
        let values = sorter.values
        var last = Int32(-1)
        count = 0
        for index in 0..<occurrences {
            let row = Int32(truncatingIfNeeded: values[index] >> 32)
            let number = Int(values[index] & 0xFFFF_FFFF)
            if row != last {
                rows.base[count] = row
                starts.base[count] = Int32(truncatingIfNeeded: index)
                count += 1
                last = row
            }
            if hasScales {
                positions.base[index] = unsorted.base[number]
                scales.base[index] = unsortedScales.base[number]
            } else {
                positions.base[index] = Int32(truncatingIfNeeded: number)
            }
        }
        starts.base[count] = Int32(truncatingIfNeeded: occurrences)
    }

    private func reserve(_ occurrences: Int) {
        guard occurrences >= rows.count else { return }
        let room = occurrences + occurrences / 2 + 1
        sorter.reserve(room)
        rows = IndexBuffer(count: room)
        starts = IndexBuffer(count: room + 1)
        each = IndexBuffer((0...room).map { Int32(truncatingIfNeeded: $0) })
        positions = IndexBuffer(count: room)
        scales = FloatBuffer(count: room)
        since = FloatBuffer(count: room)
        penalties = FloatBuffer(count: room)
        unsorted = IndexBuffer(count: room)
        unsortedScales = FloatBuffer(count: room)
    }

    /// Adds to the rows' sums, row r's at `sums` + r · `width`, the gradients of their positions.
    func add(
        _ gradients: UnsafePointer<Float>, stride: Int, to sums: UnsafeMutablePointer<Float>, width: Int
    ) {
        let add = VectorLoops.chosen.pointee.add_scaled
        for index in 0..<count {
            let row = sums + Int(rows.base[index]) * width
            for occurrence in Int(starts.base[index])..<Int(starts.base[index + 1]) {
                let scale = hasScales ? scales.base[occurrence] : 1
                add(gradients + Int(positions.base[occurrence]) * stride, scale, row, width)
            }
        }
    }

    /// One optimiser step on the rows, whose gradients are the sums of those of their positions: position p's begins at
    /// `gradients` + p · `stride`; `areSummed`: row r's sum at `gradients` + r · `stride`. `penalty` says
    /// of a row and its number of positions what holds it.
    func update(
        _ table: Parameter, _ settings: vl_optimizer, averaging: Averaging, gradients: UnsafePointer<Float>,
        stride: Int, areSummed: Bool = false, penalty: (_ row: Int, _ positions: Int) -> Float
    ) {
        let before = averaging.step - 1
        let now = Int32(truncatingIfNeeded: averaging.step)
        for index in 0..<count {
            let row = Int(rows.base[index])
            since.base[index] = averaging.decay(from: Int(table.averagedStep.base[row]), to: before)
            table.averagedStep.base[row] = now
            penalties.base[index] = penalty(row, Int(starts.base[index + 1] - starts.base[index]))
        }
        var settings = settings
        var touched = vl_touched(
            rows: rows.base, starts: areSummed ? each.base : starts.base,
            positions: areSummed ? rows.base : positions.base, scales: hasScales && !areSummed ? scales.base : nil,
            since: since.base, penalties: penalties.base, count: count, gradients: gradients, stride: stride)
        var block = table.table
        VectorLoops.chosen.pointee.update_rows(&settings, &block, &touched)
    }
}
