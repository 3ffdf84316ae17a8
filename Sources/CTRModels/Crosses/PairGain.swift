import CTRFeatures
import CTRKernels
import CTRNetwork
import Glibc

/// By how much a pair of features lowers the log loss beyond given logits: the mean over rows, and its standard error.
struct PairGain: Sendable {
    var mean: Double
    var error: Double

    /// The prior of a cell's step, in the loss's second derivatives: some ten rows at a click rate of a fifth.
    private static let prior = 3.0

    /// One gain a pair of columns of ids; whatever, once the work was cancelled.
    static func all(
        _ pairs: [(first: [Int32], second: [Int32])], _ folds: PairFolds, _ logits: [Float], _ threads: Int,
        _ interruption: Interruption? = nil
    ) -> [PairGain] {
        let results = Buffer<PairGain>(pairs.map { _ in PairGain(mean: 0, error: 0) })
        let whileWaiting = interruption.map { interruption in { _ = interruption.isCancelled } }
        ThreadPool.shared.run(tasks: pairs.count, threads: threads, whileWaiting: whileWaiting) { index in
            if interruption?.isCancelled == true { return }
            let steps = Self.steps(pairs[index].first, pairs[index].second, folds, logits)
            results.base[index] = PairGain(of: steps, folds, logits)
        }
        return (0..<pairs.count).map { results.base[$0] }
    }

    private init(mean: Double, error: Double) {
        self.mean = mean
        self.error = error
    }

    private init(of steps: [Float], _ folds: PairFolds, _ logits: [Float]) {
        var (sum, squares) = (0.0, 0.0)
        for row in steps.indices where steps[row] != 0 {
            let label: Float = folds.labels[row] ? 1 : 0
            let before = LogLoss.loss(logit: logits[row], label: label)
            let after = LogLoss.loss(logit: logits[row] + steps[row], label: label)
            let gain = folds.weights[row] * Double(before - after)
            sum += gain
            squares += gain * gain
        }
        let total = max(folds.totalWeight, .leastNormalMagnitude)
        mean = sum / total
        error = squares.squareRoot() / total
    }

    /// What the pair adds to each row's logit: in its cell, the Newton step of the log loss over the other folds' rows.
    static func steps(_ first: [Int32], _ second: [Int32], _ folds: PairFolds, _ logits: [Float]) -> [Float] {
        var cells = CellIndex(capacity: first.count)
        let cellOfRow = first.indices.map { cells.cell(of: first[$0], second[$0]) }
        // By cell and fold: the sums of the loss's first and second derivatives.
        var slopes = [Double](repeating: 0, count: cells.count * folds.count)
        var curvatures = slopes
        for (row, cell) in cellOfRow.enumerated() {
            let probability = Double(DenseKernels.sigmoid(logits[row]))
            let slot = cell * folds.count + folds.fold[row]
            slopes[slot] += folds.weights[row] * (probability - (folds.labels[row] ? 1 : 0))
            curvatures[slot] += folds.weights[row] * probability * (1 - probability)
        }
        var steps = slopes.map { Float($0) }
        for cell in 0..<cells.count {
            let slots = (cell * folds.count)..<((cell + 1) * folds.count)
            let slope = slopes[slots].reduce(0, +)
            let curvature = curvatures[slots].reduce(0, +)
            for slot in slots {
                steps[slot] = Float(-(slope - slopes[slot]) / (curvature - curvatures[slot] + prior))
            }
        }
        return cellOfRow.enumerated().map { row, cell in steps[cell * folds.count + folds.fold[row]] }
    }
}

/// Numbers the combinations of two ids in order of appearance: a hash table with linear probing.
private struct CellIndex {
    private var keys: [UInt64]
    private var cells: [Int32]
    private let mask: Int
    private(set) var count = 0

    init(capacity: Int) {
        var size = 16
        while size < 2 * capacity { size *= 2 }
        mask = size - 1
        keys = [UInt64](repeating: 0, count: size)
        cells = [Int32](repeating: -1, count: size)
    }

    mutating func cell(of first: Int32, _ second: Int32) -> Int {
        let key = UInt64(UInt32(bitPattern: first)) << 32 | UInt64(UInt32(bitPattern: second))
        var slot = Int(truncatingIfNeeded: KeyedHash.hash(key)) & mask
        while cells[slot] >= 0 {
            if keys[slot] == key { return Int(cells[slot]) }
            slot = (slot + 1) & mask
        }
        keys[slot] = key
        cells[slot] = Int32(truncatingIfNeeded: count)
        count += 1
        return count - 1
    }
}
