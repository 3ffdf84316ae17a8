import CTRFeatures
import CTRKernels

/// A block of `rows` × `width` weights with its optimiser's state and its moving average.
///
/// A table of sparse weights is touched row by row, so the average of a row is brought up to date only when the row is
/// next touched, or at `flushAverage`: between touches its weights stand still, and the average's way there is known.
package final class Parameters: @unchecked Sendable {
    package let rows: Int
    package let width: Int
    package let weights: FloatBuffer
    package let state1: FloatBuffer
    package let state2: FloatBuffer
    package let average: FloatBuffer
    /// The step up to which each row's average is right.
    package let averagedStep: IndexBuffer

    package init(rows: Int, width: Int) {
        self.rows = rows
        self.width = width
        weights = FloatBuffer(count: rows * width)
        state1 = FloatBuffer(count: rows * width)
        state2 = FloatBuffer(count: rows * width)
        average = FloatBuffer(count: rows * width)
        averagedStep = IndexBuffer(count: rows)
    }

    package init(rows: Int, width: Int, weights: FloatBuffer, state1: FloatBuffer, state2: FloatBuffer) {
        self.rows = rows
        self.width = width
        self.weights = weights
        self.state1 = state1
        self.state2 = state2
        average = weights.copy()
        averagedStep = IndexBuffer(count: rows)
    }

    /// A copy to train on, with zeros for rows that are new.
    package func copy(rows newRows: Int) -> Parameters {
        Parameters(
            rows: newRows, width: width, weights: weights.resized(to: newRows * width),
            state1: state1.resized(to: newRows * width), state2: state2.resized(to: newRows * width))
    }

    /// For another optimiser than the one that left its state here.
    package func clearState() {
        for index in 0..<(rows * width) {
            state1.base[index] = 0
            state2.base[index] = 0
        }
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
    package func restartAverage() {
        average.assign(from: weights)
        for row in 0..<rows { averagedStep.base[row] = 0 }
    }

    /// One optimiser step on a row's gradient, the average kept in step.
    package func update(
        row: Int, gradient: UnsafePointer<Float>, optimizer: any Optimizer, averaging: Averaging, frequency: Int = 0
    ) {
        let offset = row * width
        let mean = average.base + offset
        let values = weights.base + offset
        let since = averaging.decay(from: Int(averagedStep.base[row]), to: averaging.step - 1)
        if since != 1 { OptimizerKernels.decay(mean, towards: values, by: since, count: width) }
        optimizer.update(
            values, gradient: gradient, state1: state1.base + offset, state2: state2.base + offset, count: width,
            frequency: frequency)
        let now = averaging.decay(from: averaging.step - 1, to: averaging.step)
        OptimizerKernels.decay(mean, towards: values, by: now, count: width)
        averagedStep.base[row] = Int32(truncatingIfNeeded: averaging.step)
    }

    /// Brings every row's average up to the present step.
    package func flushAverage(_ averaging: Averaging) {
        for row in 0..<rows {
            let since = averaging.decay(from: Int(averagedStep.base[row]), to: averaging.step)
            let offset = row * width
            if since != 1 {
                OptimizerKernels.decay(average.base + offset, towards: weights.base + offset, by: since, count: width)
            }
            averagedStep.base[row] = Int32(truncatingIfNeeded: averaging.step)
        }
    }
}
