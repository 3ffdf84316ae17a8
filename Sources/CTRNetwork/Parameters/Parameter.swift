import CTRFeatures
import CTRKernels

/// A block of `rows` × `width` weights with its optimiser's state and, in training, its moving average.
///
/// A table of sparse weights is touched row by row, so the average of a row is brought up to date only when the row is
/// next touched, or at `flushAverage`: between touches its weights stand still, and the average's way there is known.
package final class Parameter: @unchecked Sendable {
    package let rows: Int
    package let width: Int
    package let weights: FloatBuffer
    package private(set) var state1: FloatBuffer
    /// Empty for an optimiser that keeps one state alone.
    package private(set) var state2: FloatBuffer
    /// Empty but in training.
    package private(set) var average = FloatBuffer(count: 0)
    /// The step up to which each row's average is right.
    package private(set) var averagedStep = IndexBuffer(count: 0)

    /// `states`: how many floats a weight its optimiser keeps, 1 or 2.
    package init(rows: Int, width: Int, states: Int = 2) {
        self.rows = rows
        self.width = width
        weights = FloatBuffer(count: rows * width)
        state1 = FloatBuffer(count: rows * width)
        state2 = FloatBuffer(count: states > 1 ? rows * width : 0)
    }

    package init(rows: Int, width: Int, weights: FloatBuffer, state1: FloatBuffer, state2: FloatBuffer) {
        self.rows = rows
        self.width = width
        self.weights = weights
        self.state1 = state1
        self.state2 = state2
    }

    /// Whether what the optimiser keeps is finite: sums of squares may be too large where weights are not.
    package var isStateFinite: Bool {
        for buffer in [state1, state2] {
            for index in 0..<buffer.count where !buffer.base[index].isFinite { return false }
        }
        return true
    }

    /// A copy to train on, with zeros for rows that are new.
    package func copy(rows newRows: Int) -> Parameter {
        Parameter(
            rows: newRows, width: width, weights: weights.resized(to: newRows * width),
            state1: state1.resized(to: newRows * width),
            state2: state2.resized(to: state2.count == 0 ? 0 : newRows * width))
    }

    /// As of an optimiser that has not begun.
    package func clearState() { clearState(states: state2.count == 0 ? 1 : 2) }

    /// For another optimiser than the one that left its state here, which keeps so many floats a weight.
    package func clearState(states: Int) {
        state1 = FloatBuffer(count: rows * width)
        state2 = FloatBuffer(count: states > 1 ? rows * width : 0)
    }

    /// In an embedding: an id that has become frequent enough for a row of its own goes on from the unknown id's, which it
    /// shared until then. The counts are those of the listed ids, before and after.
    package func startFromUnknown(earlier: [Int], now: [Int], minimumCount: Int) {
        for (entry, count) in now.enumerated() where count >= minimumCount {
            let row = Vocabulary.reserved + entry
            let was = entry < earlier.count ? earlier[entry] : 0
            guard was < minimumCount, row < rows else { continue }
            let unknown = weights.base + Int(Vocabulary.unknown) * width
            for column in 0..<width { weights.base[row * width + column] = unknown[column] }
        }
    }

    /// The average begins at the present weights.
    package func startAverage() {
        average = weights.copy()
        averagedStep = IndexBuffer(count: rows)
    }

    /// Lets go of the average's memory.
    package func endAverage() {
        average = FloatBuffer(count: 0)
        averagedStep = IndexBuffer(count: 0)
    }

    /// One optimiser step on some of the rows of a block that every step touches; the gradient counts `scale` times.
    package func update(
        rows: Range<Int>, gradient: UnsafePointer<Float>, scale: Float, _ settings: vl_optimizer, averaging: Averaging
    ) {
        var (settings, block) = (settings, table)
        VectorLoops.chosen.pointee.update(
            &settings, &block, rows.lowerBound * width, rows.count * width, gradient, scale)
        for row in rows { averagedStep.base[row] = Int32(truncatingIfNeeded: averaging.step) }
    }

    /// Brings the average of these rows up to the present step.
    package func flushAverage(rows: Range<Int>, _ averaging: Averaging) {
        for row in rows {
            let since = averaging.decay(from: Int(averagedStep.base[row]), to: averaging.step)
            if since == 1 { continue }
            let offset = row * width
            VectorLoops.chosen.pointee.decay(average.base + offset, weights.base + offset, since, width)
            averagedStep.base[row] = Int32(truncatingIfNeeded: averaging.step)
        }
    }

    /// Where the loops find the block in training.
    var table: vl_table {
        vl_table(
            weights: weights.base, state1: state1.base, state2: state2.count == 0 ? nil : state2.base,
            average: average.base, width: width)
    }
}
