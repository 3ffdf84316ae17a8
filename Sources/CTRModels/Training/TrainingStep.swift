import CTRFeatures
import CTRKernels

/// One step of joint training (Cheng et al., 2016, section 3.3): forward, the logistic loss's gradient back to both
/// parts, and every optimiser's update, in two parallel phases. Once its memory has grown to a batch's, it allocates
/// nothing.
final class TrainingStep: PoolJob {
    let model: WideDeep
    let set: TrainingSet
    let options: ModelOptions
    let threads: Int
    private let reader: RowReader
    let workspace: BatchWorkspace
    let frequencies: Frequencies
    private var wideOptimizer: any Optimizer
    private var deepOptimizer: any Optimizer
    private var biasOptimizer: any Optimizer
    private let updates: [Update]
    /// Looked at within steps, where they are long; else between them is enough.
    private let interruption: Interruption?
    private let whileWaiting: (() -> Void)?
    private(set) var averaging: Averaging

    init(
        model: WideDeep, set: TrainingSet, options: ModelOptions, batchSize: Int, averaging: Averaging, threads: Int,
        occurrences: [ExactText: [Int]] = [:], priorRows: Int, interruption: Interruption? = nil
    ) throws(CTRError) {
        self.model = model
        let products = model.dense.reduce(0) { $0 + $1.inputs * $1.outputs }
        let isLong = batchSize * (products + Self.rowCost) > Self.longStep
        self.interruption = isLong ? interruption : nil
        whileWaiting = self.interruption.map { interruption in { _ = interruption.isCancelled } }
        self.set = set
        self.options = options
        self.threads = threads
        self.averaging = averaging
        workspace = BatchWorkspace(model: model, capacity: batchSize, threads: threads)
        reader = RowReader(model, using: .current, workspace.division)
        frequencies = try Frequencies(
            model: model, set: set, occurrences: occurrences, interruption: interruption)
        wideOptimizer = Self.wideOptimizer(options, priorRows: priorRows)
        deepOptimizer = Self.deepOptimizer(options)
        biasOptimizer = Self.biasOptimizer(options)
        updates = Self.updates(of: model, workspace)
    }

    /// In multiplications: a few milliseconds, beside which reading the clock for each task costs nothing.
    private static let longStep = 1 << 24
    /// About what encoding, looking up and updating a row's ids takes.
    private static let rowCost = 1 << 12

    /// The prior of `l2` is shared out over all rows that there have been in any training.
    static func wideOptimizer(_ options: ModelOptions, priorRows: Int) -> any Optimizer {
        optimizer(
            options.wideOptimizer, options.wideLearningRate, l1: options.l1,
            l2PerRow: options.l2 / Double(max(priorRows, 1)))
    }

    static func deepOptimizer(_ options: ModelOptions) -> any Optimizer {
        optimizer(options.deepOptimizer, options.deepLearningRate, l1: 0, l2PerRow: 0)
    }

    static func biasOptimizer(_ options: ModelOptions) -> any Optimizer {
        FTRL(learningRate: options.wideLearningRate, l1: 0, l2: 0)
    }

    private static func optimizer(
        _ name: ModelOptions.OptimizerName, _ rate: Double, l1: Double, l2PerRow: Double
    ) -> any Optimizer {
        switch name {
        case .ftrl: FTRL(learningRate: rate, l1: l1, l2: 0, l2PerRow: l2PerRow)
        case .adagrad: AdaGrad(learningRate: rate)
        case .adam: Adam(learningRate: rate)
        }
    }

    /// Makes room for the average's bookkeeping of so many steps.
    func reserve(steps: Int) { averaging.reserve(steps) }

    /// What the threads work on: the batch and one of the two phases.
    struct Job {
        var batch = UnsafeBufferPointer<Int32>(start: nil, count: 0)
        var step = 0
        var losses: UnsafeMutablePointer<Float>?
        var isUpdate = false
        var wide = vl_optimizer()
        var deep = vl_optimizer()
        var bias = vl_optimizer()
    }
    private(set) var job = Job()

    /// Trains on one batch (at most `batchSize` rows) and writes each row's loss at its place.
    func run(_ batch: UnsafeBufferPointer<Int32>, step: Int, losses: UnsafeMutablePointer<Float>) {
        averaging.beginStep()
        wideOptimizer.beginStep(step, rows: batch.count)
        deepOptimizer.beginStep(step, rows: batch.count)
        (job.batch, job.step, job.losses, job.isUpdate) = (batch, step, losses, false)
        let shards = (batch.count + workspace.rowsPerShard - 1) / workspace.rowsPerShard
        ThreadPool.shared.run(tasks: shards, threads: threads, whileWaiting: whileWaiting, job: self)
        let now = averaging.decay(from: averaging.step - 1, to: averaging.step)
        job.wide = wideOptimizer.settings(now: now)
        job.deep = deepOptimizer.settings(now: now)
        job.bias = biasOptimizer.settings(now: now)
        job.isUpdate = true
        ThreadPool.shared.run(tasks: updates.count, threads: threads, whileWaiting: whileWaiting, job: self)
    }

    /// A task of the present phase; none once the training is cancelled, whose weights nobody will read.
    func run(task: Int, worker: Int) {
        if let interruption, interruption.isCancelled { return }
        let batch = job.batch
        guard job.isUpdate else {
            let start = task * workspace.rowsPerShard
            forwardBackward(batch, range: start..<min(start + workspace.rowsPerShard, batch.count), shard: task)
            return
        }
        apply(updates[task], worker)
    }

    /// The logits of the batch last run, by place.
    var logits: UnsafePointer<Float> { UnsafePointer(workspace.logits.base) }

    private func forwardBackward(
        _ batch: UnsafeBufferPointer<Int32>, range: Range<Int>, shard: Int
    ) {
        let (start, count) = (range.lowerBound, range.count)
        let selection = vl_selection(rows: batch.baseAddress.map { $0 + start }, first: 0, count: count)
        reader.wideLogits(set.rows, selection, into: workspace.logits.base + start)
        if !model.dense.isEmpty { forwardDense(selection, start: start, count: count) }
        for place in range {
            let row = Int(batch[place])
            let label = set.labels.base[row]
            let weight = set.weights.base[row]
            let logit = workspace.logits.base[place]
            job.losses?[place] = weight * LogLoss.loss(logit: logit, label: label)
            workspace.logitGradient.base[place] = weight * (DenseKernels.sigmoid(logit) - label)
        }
        backwardDense(start: start, count: count, shard: shard)
    }

    private func forwardDense(_ selection: vl_selection, start: Int, count: Int) {
        let input = workspace.input.base + start * workspace.division.width
        reader.deepInput(set.rows, selection, into: input)
        var from = UnsafePointer(input)
        for (index, layer) in model.dense.enumerated() {
            let to = workspace.activations[index].base + start * layer.outputs
            let folded = index == 0 ? workspace.folded : nil
            folded?.sums.write(set.rows, selection, into: to)
            workspace.dense[index].forward(from, adding: folded != nil, output: to, rows: count)
            if layer.isHidden, options.dropout > 0 {
                // The stream is that of a block of rows, which a shard may be a part of.
                let (block, rowsBefore) = start.quotientAndRemainder(dividingBy: workspace.rowsPerStream)
                var random = RandomStream(
                    seed: options.seed, UInt64(truncatingIfNeeded: job.step), UInt64(truncatingIfNeeded: block),
                    UInt64(truncatingIfNeeded: index))
                random.skip(rowsBefore * layer.outputs / DenseKernels.dropoutDraws)
                DenseKernels.dropout(
                    to, count: count * layer.outputs, rate: Float(options.dropout), random: &random)
            }
            from = UnsafePointer(to)
        }
        DenseKernels.add(from, to: workspace.logits.base + start, count: count)
    }

    /// Leaves the gradient of each layer's output before its activation in `activationGradients`, and packed.
    private func backwardDense(start: Int, count: Int, shard: Int) {
        guard let last = model.dense.indices.last else { return }
        let top = workspace.activationGradients[last].base + start
        for place in 0..<count { top[place] = workspace.logitGradient.base[start + place] }
        for index in stride(from: last, through: 0, by: -1) {
            let layer = model.dense[index]
            let gradient = workspace.activationGradients[index].base + start * layer.outputs
            if layer.isHidden {
                DenseKernels.maskGradient(
                    gradient, where: workspace.activations[index].base + start * layer.outputs,
                    scale: Float(1 / (1 - options.dropout)), count: count * layer.outputs)
            }
            let pass = workspace.dense[index]
            pass.keepGradient(gradient, rows: count, shard: shard)
            if index > 0 {
                pass.inputGradient(
                    gradient, into: workspace.activationGradients[index - 1].base + start * layer.inputs, rows: count)
            } else if !workspace.division.embeddings.isEmpty {
                pass.inputGradient(gradient, into: workspace.inputGradient.base + start * pass.inputs, rows: count)
            }
        }
    }
}
