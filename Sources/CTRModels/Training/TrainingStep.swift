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
    private let workspace: BatchWorkspace
    private let frequencies: Frequencies
    private var wideOptimizer: any Optimizer
    private var deepOptimizer: any Optimizer
    private var biasOptimizer: any Optimizer
    private let updates: [Update]
    private(set) var averaging: Averaging

    /// A piece of the update phase, small enough to share out among threads.
    private enum Update {
        case bias
        case sparse(wide: Int?, embedding: Int?)
        case dense(layer: Int, rows: Range<Int>)
    }

    init(
        model: WideDeep, set: TrainingSet, options: ModelOptions, batchSize: Int, averaging: Averaging, threads: Int,
        occurrences: [String: [Int]] = [:], priorRows: Int
    ) {
        self.model = model
        self.set = set
        self.options = options
        self.threads = threads
        self.averaging = averaging
        reader = RowReader(model, using: .current)
        workspace = BatchWorkspace(model: model, capacity: batchSize, threads: threads)
        frequencies = Frequencies(model: model, set: set, occurrences: occurrences)
        wideOptimizer = Self.wideOptimizer(options, priorRows: priorRows)
        deepOptimizer = Self.deepOptimizer(options)
        biasOptimizer = Self.biasOptimizer(options)
        updates = Self.updates(of: model)
    }

    /// The largest come first, so that no thread is left with one at the end.
    private static func updates(of model: WideDeep) -> [Update] {
        var updates: [Update] = []
        for (index, layer) in model.dense.enumerated() {
            let pieces = max(1, (layer.inputs + BatchWorkspace.gradientRows / 2) / BatchWorkspace.gradientRows)
            for piece in 0..<pieces {
                let rows = (piece * layer.inputs / pieces)..<((piece + 1) * layer.inputs / pieces)
                updates.append(.dense(layer: index, rows: rows))
            }
        }
        // A feature whose weights and embeddings have the same rows finds those that a batch touches once.
        var left = Set(model.wide.indices)
        for (index, layer) in model.embeddings.enumerated() {
            let shared = layer.rowOfID == nil ? left.first { model.wide[$0].source == layer.source } : nil
            if let shared { left.remove(shared) }
            updates.append(.sparse(wide: shared, embedding: index))
        }
        updates += left.sorted().map { .sparse(wide: $0, embedding: nil) }
        return updates + [.bias]
    }

    /// The embeddings' L2 penalty on the summed loss, spread over a row's occurrences, so that rare and frequent ids
    /// are held by the same prior.
    static let embeddingPenalty: Float = 1

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
    private struct Job {
        var batch = UnsafeBufferPointer<Int32>(start: nil, count: 0)
        var step = 0
        var losses: UnsafeMutablePointer<Float>?
        var isUpdate = false
        var wide = vl_optimizer()
        var deep = vl_optimizer()
        var bias = vl_optimizer()
    }
    private var job = Job()

    /// Trains on one batch (at most `batchSize` rows) and writes each row's loss at its place.
    func run(_ batch: UnsafeBufferPointer<Int32>, step: Int, losses: UnsafeMutablePointer<Float>) {
        averaging.beginStep()
        wideOptimizer.beginStep(step, rows: batch.count)
        deepOptimizer.beginStep(step, rows: batch.count)
        (job.batch, job.step, job.losses, job.isUpdate) = (batch, step, losses, false)
        let shards = (batch.count + workspace.rowsPerShard - 1) / workspace.rowsPerShard
        ThreadPool.shared.run(tasks: shards, threads: threads, job: self)
        let now = averaging.decay(from: averaging.step - 1, to: averaging.step)
        job.wide = wideOptimizer.settings(now: now)
        job.deep = deepOptimizer.settings(now: now)
        job.bias = biasOptimizer.settings(now: now)
        job.isUpdate = true
        ThreadPool.shared.run(tasks: updates.count, threads: threads, job: self)
    }

    /// A task of the present phase.
    func run(task: Int, worker: Int) {
        let batch = job.batch
        guard job.isUpdate else {
            let start = task * workspace.rowsPerShard
            forwardBackward(batch, range: start..<min(start + workspace.rowsPerShard, batch.count), shard: task)
            return
        }
        switch updates[task] {
        case .bias: applyBias(batch.count, job.bias)
        case .sparse(let wide, let embedding): applySparse(wide, embedding, workspace.touched[worker])
        case .dense(let index, let rows): applyDense(index, rows, batch.count, worker, job.deep)
        }
    }

    /// The logits of the batch last run, by place.
    var logits: UnsafePointer<Float> { UnsafePointer(workspace.logits.base) }

    private func forwardBackward(
        _ batch: UnsafeBufferPointer<Int32>, range: Range<Int>, shard: Int
    ) {
        let (start, count) = (range.lowerBound, range.count)
        let selection = vl_selection(rows: batch.baseAddress.map { $0 + start }, first: 0, count: count)
        reader.wideLogits(set.rows, selection, into: workspace.logits.base + start)
        let input = workspace.input.base + start * model.inputWidth
        if !model.dense.isEmpty {
            reader.deepInput(set.rows, selection, into: input)
            forwardDense(input, start: start, count: count)
        }
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

    private func forwardDense(_ input: UnsafePointer<Float>, start: Int, count: Int) {
        var from = input
        for (index, layer) in model.dense.enumerated() {
            let to = workspace.activations[index].base + start * layer.outputs
            workspace.dense[index].forward(from, output: to, rows: count)
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
            } else if !model.embeddings.isEmpty {
                pass.inputGradient(gradient, into: workspace.inputGradient.base + start * layer.inputs, rows: count)
            }
        }
    }

    private func applyBias(_ count: Int, _ settings: vl_optimizer) {
        var sum: Float = 0
        for place in 0..<count { sum += workspace.logitGradient.base[place] }
        model.bias.update(rows: 0..<1, gradient: &sum, scale: 1, settings, averaging: averaging)
    }

    private func applySparse(_ wide: Int?, _ embedding: Int?, _ touched: TouchedRows) {
        if let embedding {
            let layer = model.embeddings[embedding]
            touched.gather(
                set.rows, batch: job.batch, source: layer.source, rowOfID: layer.rowOfID, tableRows: layer.table.rows)
            apply(layer, frequencies.embeddings[embedding].base, touched)
        }
        if let wide {
            let layer = model.wide[wide]
            if embedding == nil {
                touched.gather(
                    set.rows, batch: job.batch, source: layer.source, rowOfID: nil, tableRows: layer.table.rows)
            }
            apply(layer, frequencies.wide[wide]?.base, touched)
        }
    }

    private func apply(_ layer: WideLayer, _ frequency: UnsafeMutablePointer<Int32>?, _ touched: TouchedRows) {
        let isFTRL = job.wide.kind == Int32(VL_FTRL)
        touched.update(
            layer.table, job.wide, averaging: averaging, gradients: workspace.logitGradient.base, stride: 1
        ) { row, _ in
            isFTRL ? frequency.map { FTRL.held(frequency: $0[row]) } ?? 1 : 0
        }
    }

    private func apply(_ layer: EmbeddingLayer, _ frequency: UnsafeMutablePointer<Int32>, _ touched: TouchedRows) {
        touched.update(
            layer.table, job.deep, averaging: averaging, gradients: workspace.inputGradient.base + layer.offset,
            stride: model.inputWidth
        ) { row, places in
            Self.embeddingPenalty * Float(places) / Float(max(frequency[row], 1))
        }
    }

    /// The layers' gradient is the batch's mean.
    private func applyDense(_ index: Int, _ rows: Range<Int>, _ count: Int, _ worker: Int, _ settings: vl_optimizer) {
        let pass = workspace.dense[index]
        let layer = pass.layer
        let gradient = workspace.weightGradients[worker].base
        let upstream = workspace.activationGradients[index].base
        let input = index > 0 ? workspace.activations[index - 1].base : workspace.input.base
        pass.weightGradient(input, inputs: rows, rows: count, into: gradient)
        let scale = 1 / Float(count)
        layer.weights.update(rows: rows, gradient: gradient, scale: scale, settings, averaging: averaging)
        if rows.lowerBound == 0 {
            DenseKernels.columnSums(upstream, into: gradient, rows: count, width: layer.outputs)
            layer.bias.update(rows: 0..<1, gradient: gradient, scale: scale, settings, averaging: averaging)
        }
        pass.pack(inputs: rows)
    }
}
