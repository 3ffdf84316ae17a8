import CTRKernels

/// A step as its updates see it: the batch, its signals and their gradients, and the optimisers' settings.
final class BatchStep: @unchecked Sendable {
    let rows: TrainingRows
    private let capacity: Int
    private let values: FloatBuffer
    private let gradients: FloatBuffer
    var batch = UnsafeBufferPointer<Int32>(start: nil, count: 0)
    var averaging: Averaging
    private(set) var intercept = vl_optimizer()
    private(set) var linear = vl_optimizer()
    private(set) var deep = vl_optimizer()

    init(_ rows: TrainingRows, capacity: Int, values: FloatBuffer, gradients: FloatBuffer, averaging: Averaging) {
        self.rows = rows
        self.capacity = capacity
        self.values = values
        self.gradients = gradients
        self.averaging = averaging
    }

    /// Before the updates of a step that has begun.
    func set(_ optimizers: OptimizerSet) {
        let now = averaging.decay(from: averaging.step - 1, to: averaging.step)
        intercept = optimizers.intercept.settings(now: now)
        linear = optimizers.linear.settings(now: now)
        deep = optimizers.deep.settings(now: now)
    }

    var count: Int { batch.count }

    /// A signal of the whole batch.
    func values(_ block: ArenaBlock) -> UnsafeMutablePointer<Float> { values.base + block.offset(capacity, 0) }
    func gradients(_ block: ArenaBlock) -> UnsafeMutablePointer<Float> { gradients.base + block.offset(capacity, 0) }

    /// A step on neighbouring rows that every batch touches, from the sum of the batch's gradients, of which the mean
    /// counts. `rateShare`: see `ParameterShape`.
    func update(_ block: Parameter, rows: Range<Int>, sum: UnsafePointer<Float>, rateShare: Float = 1) {
        var settings = deep
        settings.rate *= rateShare
        block.update(rows: rows, gradient: sum, scale: 1 / Float(count), settings, averaging: averaging)
    }
}
