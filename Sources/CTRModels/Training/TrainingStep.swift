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
        /// An embedding by its place among those that are multiplied.
        case sparse(wide: Int?, embedding: Int?)
        case dense(layer: Int, inputs: Range<Int>)
        case foldedNumber(Int)
        case foldedEmbedding(Int, wide: Int?)
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
        workspace = BatchWorkspace(model: model, capacity: batchSize, threads: threads)
        reader = RowReader(model, using: .current, workspace.division)
        frequencies = Frequencies(model: model, set: set, occurrences: occurrences)
        wideOptimizer = Self.wideOptimizer(options, priorRows: priorRows)
        deepOptimizer = Self.deepOptimizer(options)
        biasOptimizer = Self.biasOptimizer(options)
        updates = Self.updates(of: model, workspace)
    }

    /// The largest come first, so that no thread is left with one at the end.
    private static func updates(of model: WideDeep, _ workspace: BatchWorkspace) -> [Update] {
        var updates: [Update] = []
        for (index, pass) in workspace.dense.enumerated() {
            let pieces = max(1, (pass.inputs + BatchWorkspace.gradientRows / 2) / BatchWorkspace.gradientRows)
            for piece in 0..<pieces {
                let inputs = (piece * pass.inputs / pieces)..<((piece + 1) * pass.inputs / pieces)
                updates.append(.dense(layer: index, inputs: inputs))
            }
        }
        // A feature whose weights and embeddings have the same rows finds those that a batch touches once.
        var left = Set(model.wide.indices)
        func shared(_ layer: EmbeddingLayer) -> Int? {
            let wide = layer.rowOfID == nil ? left.first { model.wide[$0].source == layer.source } : nil
            if let wide { left.remove(wide) }
            return wide
        }
        let division = workspace.division
        for (place, entry) in division.embeddings.enumerated() {
            updates.append(.sparse(wide: shared(model.embeddings[entry.index]), embedding: place))
        }
        updates += division.foldedNumbers.indices.map { .foldedNumber($0) }
        for (place, index) in division.foldedEmbeddings.enumerated() {
            updates.append(.foldedEmbedding(place, wide: shared(model.embeddings[index])))
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
        case .dense(let index, let inputs): applyDense(index, inputs, batch.count, worker)
        case .foldedNumber(let index): applyFoldedNumber(index, worker)
        case .foldedEmbedding(let index, let wide): applyFoldedEmbedding(index, wide, worker)
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

    private func applyBias(_ count: Int, _ settings: vl_optimizer) {
        var sum: Float = 0
        for place in 0..<count { sum += workspace.logitGradient.base[place] }
        model.bias.update(rows: 0..<1, gradient: &sum, scale: 1, settings, averaging: averaging)
    }

    private func applySparse(_ wide: Int?, _ embedding: Int?, _ touched: TouchedRows) {
        if let embedding {
            let (index, offset) = workspace.division.embeddings[embedding]
            gather(model.embeddings[index], touched)
            apply(
                index, touched, gradients: workspace.inputGradient.base + offset, stride: workspace.division.width,
                areSummed: false)
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

    private func gather(_ layer: EmbeddingLayer, _ touched: TouchedRows) {
        touched.gather(
            set.rows, batch: job.batch, source: layer.source, rowOfID: layer.rowOfID, tableRows: layer.table.rows)
    }

    private func apply(_ layer: WideLayer, _ frequency: UnsafeMutablePointer<Int32>?, _ touched: TouchedRows) {
        let isFTRL = job.wide.kind == Int32(VL_FTRL)
        touched.update(
            layer.table, job.wide, averaging: averaging, gradients: workspace.logitGradient.base, stride: 1
        ) { row, _ in
            isFTRL ? frequency.map { FTRL.held(frequency: $0[row]) } ?? 1 : 0
        }
    }

    private func apply(
        _ embedding: Int, _ touched: TouchedRows, gradients: UnsafePointer<Float>, stride: Int, areSummed: Bool
    ) {
        let frequency = frequencies.embeddings[embedding].base
        touched.update(
            model.embeddings[embedding].table, job.deep, averaging: averaging, gradients: gradients, stride: stride,
            areSummed: areSummed
        ) { row, places in
            Self.embeddingPenalty * Float(places) / Float(max(frequency[row], 1))
        }
    }

    private func applyDense(_ index: Int, _ inputs: Range<Int>, _ count: Int, _ worker: Int) {
        let pass = workspace.dense[index]
        let layer = pass.layer
        let gradient = workspace.weightGradients[worker].base
        let input = index > 0 ? workspace.activations[index - 1].base : workspace.input.base
        pass.weightGradient(input, inputs: inputs, rows: count, into: gradient)
        pass.forEachRun(of: inputs) { run, rows in
            apply(layer.weights, rows: rows, gradient + (run.lowerBound - inputs.lowerBound) * layer.outputs)
        }
        if inputs.lowerBound == 0 {
            let upstream = workspace.activationGradients[index].base
            DenseKernels.columnSums(upstream, into: gradient, rows: count, width: layer.outputs)
            apply(layer.bias, rows: 0..<1, gradient)
        }
        pass.pack(inputs: inputs)
    }

    private func applyFoldedNumber(_ index: Int, _ worker: Int) {
        guard let folded = workspace.folded, let first = model.dense.first else { return }
        gather(folded, index)
        let gradient = workspace.weightGradients[worker].base
        folded.weightGradient(ofNumber: index, into: gradient)
        apply(first.weights, rows: folded.sums.numbers[index].inputs, gradient)
        folded.sums.writeNumber(index)
    }

    private func applyFoldedEmbedding(_ place: Int, _ wide: Int?, _ worker: Int) {
        guard let folded = workspace.folded, let first = model.dense.first else { return }
        gather(folded, folded.sums.numbers.count + place)
        let (index, touched) = (workspace.division.foldedEmbeddings[place], workspace.touched[worker])
        let layer = model.embeddings[index]
        let (gradient, table) = (workspace.weightGradients[worker].base, workspace.tableGradients[worker].base)
        folded.gradients(ofEmbedding: place, weights: gradient, table: table)
        gather(layer, touched)
        apply(index, touched, gradients: table, stride: layer.table.width, areSummed: true)
        apply(first.weights, rows: layer.inputs, gradient)
        if let wide { apply(model.wide[wide], frequencies.wide[wide]?.base, touched) }
        folded.renewEmbedding(place)
    }

    private func gather(_ folded: FoldedPass, _ feature: Int) {
        let selection = vl_selection(rows: job.batch.baseAddress, first: 0, count: job.batch.count)
        folded.gather(feature, set.rows, selection, gradient: workspace.activationGradients[0].base)
    }

    /// A step on weights of a layer, of which the gradient is the batch's mean.
    private func apply(_ weights: Parameters, rows: Range<Int>, _ gradient: UnsafePointer<Float>) {
        weights.update(
            rows: rows, gradient: gradient, scale: 1 / Float(job.batch.count), job.deep, averaging: averaging)
    }
}
