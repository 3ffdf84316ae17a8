import CTRFeatures
import CTRKernels

/// One step of joint training (Cheng et al., 2016, section 3.3): forward, the logistic loss's gradient back to both
/// parts, and every optimiser's update, in two parallel phases.
final class TrainingStep {
    let model: WideDeep
    let set: TrainingSet
    let options: ModelOptions
    let threads: Int
    private let workspace: BatchWorkspace
    private let wideGradients: [SparseGradient]
    private let embeddingGradients: [SparseGradient]
    /// How often each embedding row stands in the training rows, earlier ones too: the penalty is shared out by it.
    private let frequencies: [IndexBuffer]
    /// The same of the wide weights of each feature that is no cross, where there is a deep part to leave frequent ids to.
    private let wideFrequencies: [IndexBuffer?]
    private var wideOptimizer: any Optimizer
    private var deepOptimizer: any Optimizer
    private var biasOptimizer: any Optimizer
    private let updates: [Update]
    var averaging: Averaging

    /// A piece of the update phase, small enough to share out among threads.
    private enum Update {
        case bias
        case wide(Int)
        case embedding(Int)
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
        workspace = BatchWorkspace(model: model, capacity: batchSize)
        wideGradients = model.wide.map { SparseGradient(rows: $0.table.rows, width: 1) }
        embeddingGradients = model.embeddings.map { SparseGradient(rows: $0.table.rows, width: $0.table.width) }
        frequencies = model.embeddings.map { layer in
            Self.frequencies(
                layer.source, rows: layer.table.rows, in: set, all: occurrences[layer.name] ?? [],
                rowOfID: layer.rowOfID)
        }
        wideFrequencies = model.wide.map { layer in
            if model.dense.isEmpty || layer.isCross { return nil }
            return Self.frequencies(
                layer.source, rows: layer.table.rows, in: set, all: occurrences[layer.name] ?? [], rowOfID: nil)
        }
        wideOptimizer = Self.wideOptimizer(options, priorRows: priorRows)
        deepOptimizer = Self.deepOptimizer(options)
        biasOptimizer = Self.biasOptimizer(options)
        var updates: [Update] = [.bias]
        for (index, layer) in model.dense.enumerated() {
            for start in stride(from: 0, to: layer.inputs, by: 64) {
                updates.append(.dense(layer: index, rows: start..<min(start + 64, layer.inputs)))
            }
        }
        updates += model.embeddings.indices.map { .embedding($0) }
        updates += model.wide.indices.map { .wide($0) }
        self.updates = updates
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

    private static func frequencies(
        _ source: IDSource, rows: Int, in set: TrainingSet, all: [Int], rowOfID: IndexBuffer?
    ) -> IndexBuffer {
        let counts = IndexBuffer(count: rows)
        for row in set.training {
            for id in set.rows.ids(source, row: Int(row)) {
                counts.base[Int(rowOfID.map { $0.base[Int(id)] } ?? id)] &+= 1
            }
        }
        for (index, count) in all.enumerated() where Vocabulary.reserved + index < counts.count {
            let row = Vocabulary.reserved + index
            counts.base[row] = max(counts.base[row], Int32(clamping: count))
        }
        return counts
    }

    /// Trains on one batch (at most `batchSize` rows) and adds each row's loss and logit at its place.
    func run(_ batch: UnsafeBufferPointer<Int32>, step: Int, losses: UnsafeMutablePointer<Float>) {
        averaging.beginStep()
        wideOptimizer.beginStep(step, rows: batch.count)
        deepOptimizer.beginStep(step, rows: batch.count)
        let perShard = workspace.rowsPerShard
        let shards = (batch.count + perShard - 1) / perShard
        ThreadPool.shared.run(tasks: shards, threads: threads) { shard in
            let range = (shard * perShard)..<min((shard + 1) * perShard, batch.count)
            forwardBackward(batch, range: range, shard: shard, step: step, losses: losses)
        }
        ThreadPool.shared.run(tasks: updates.count, threads: threads) { index in
            apply(updates[index], batch: batch, shards: shards)
        }
    }

    /// The logits of the batch last run, by place.
    var logits: UnsafePointer<Float> { UnsafePointer(workspace.logits.base) }

    private func forwardBackward(
        _ batch: UnsafeBufferPointer<Int32>, range: Range<Int>, shard: Int, step: Int,
        losses: UnsafeMutablePointer<Float>
    ) {
        let count = range.count
        let start = range.lowerBound
        let input = workspace.input.base + start * model.inputWidth
        for place in range {
            let row = Int(batch[place])
            var logit = model.bias.weights.base[0]
            for layer in model.wide { logit += layer.logit(set.rows, row: row, weights: layer.table.weights) }
            workspace.logits.base[place] = logit
            if model.dense.isEmpty { continue }
            let line = workspace.input.base + place * model.inputWidth
            for layer in model.numeric { layer.forward(set.rows, row: row, input: line) }
            for layer in model.embeddings {
                layer.forward(set.rows, row: row, weights: layer.table.weights, input: line)
            }
        }
        forwardDense(input, start: start, count: count, shard: shard, step: step)
        for place in range {
            let row = Int(batch[place])
            let label = set.labels.base[row]
            let weight = set.weights.base[row]
            let logit = workspace.logits.base[place]
            losses[place] = weight * LogLoss.loss(logit: logit, label: label)
            workspace.logitGradient.base[place] = weight * (DenseKernels.sigmoid(logit) - label)
        }
        backwardDense(input, start: start, count: count, shard: shard)
    }

    private func forwardDense(_ input: UnsafePointer<Float>, start: Int, count: Int, shard: Int, step: Int) {
        var from = input
        for (index, layer) in model.dense.enumerated() {
            let to = workspace.activations[index].base + start * layer.outputs
            layer.forward(from, output: to, rows: count)
            if layer.isHidden, options.dropout > 0 {
                var random = RandomStream(
                    seed: options.seed, UInt64(truncatingIfNeeded: step), UInt64(truncatingIfNeeded: shard),
                    UInt64(truncatingIfNeeded: index))
                DenseKernels.dropout(
                    to, count: count * layer.outputs, rate: Float(options.dropout), random: &random)
            }
            from = UnsafePointer(to)
        }
        if !model.dense.isEmpty { DenseKernels.add(from, to: workspace.logits.base + start, count: count) }
    }

    private func backwardDense(_ input: UnsafePointer<Float>, start: Int, count: Int, shard: Int) {
        guard let last = model.dense.indices.last else { return }
        let top = workspace.activationGradients[last].base + start
        for place in 0..<count { top[place] = workspace.logitGradient.base[start + place] }
        for index in stride(from: last, through: 0, by: -1) {
            let layer = model.dense[index]
            let below: UnsafePointer<Float>
            let belowGradient: UnsafeMutablePointer<Float>?
            if index > 0 {
                below = UnsafePointer(workspace.activations[index - 1].base + start * layer.inputs)
                belowGradient = workspace.activationGradients[index - 1].base + start * layer.inputs
            } else {
                below = input
                belowGradient =
                    model.embeddings.isEmpty ? nil : workspace.inputGradient.base + start * model.inputWidth
            }
            layer.backward(
                input: below, output: workspace.activations[index].base + start * layer.outputs,
                outputGradient: workspace.activationGradients[index].base + start * layer.outputs,
                inputGradient: belowGradient, weightGradient: workspace.weightGradients[shard][index].base,
                biasGradient: workspace.biasGradients[shard][index].base, rows: count,
                scale: layer.isHidden ? Float(1 / (1 - options.dropout)) : 1)
        }
    }

    private func apply(_ update: Update, batch: UnsafeBufferPointer<Int32>, shards: Int) {
        switch update {
        case .bias:
            var sum: Float = 0
            for place in 0..<batch.count { sum += workspace.logitGradient.base[place] }
            model.bias.update(row: 0, gradient: &sum, optimizer: biasOptimizer, averaging: averaging)
        case .wide(let index):
            let layer = model.wide[index]
            layer.backward(
                set.rows, batch: batch, logitGradient: workspace.logitGradient.base, into: wideGradients[index])
            wideGradients[index].drain { row, sum, _ in
                let frequency = wideFrequencies[index].map { Int($0.base[row]) } ?? 0
                layer.table.update(
                    row: row, gradient: sum, optimizer: wideOptimizer, averaging: averaging, frequency: frequency)
            }
        case .embedding(let index):
            let layer = model.embeddings[index]
            layer.backward(
                set.rows, batch: batch, inputGradient: workspace.inputGradient.base, inputWidth: model.inputWidth,
                into: embeddingGradients[index])
            embeddingGradients[index].drain { row, sum, hits in
                let share = Self.embeddingPenalty * Float(hits) / Float(max(frequencies[index].base[row], 1))
                DenseKernels.addScaled(
                    layer.table.weights.base + row * layer.table.width, scale: share, to: sum,
                    count: layer.table.width)
                layer.table.update(row: row, gradient: sum, optimizer: deepOptimizer, averaging: averaging)
            }
        case .dense(let index, let rows):
            applyDense(model.dense[index], index: index, rows: rows, batchCount: batch.count, shards: shards)
        }
    }

    /// Adds the shards' gradients, in order, into the first one's; the layers' gradient is the batch's mean.
    private func applyDense(_ layer: DenseLayer, index: Int, rows: Range<Int>, batchCount: Int, shards: Int) {
        let width = layer.outputs
        let scale = 1 / Float(batchCount)
        func step(_ block: Parameters, row: Int, gradients: (Int) -> UnsafeMutablePointer<Float>) {
            let sum = gradients(0)
            for shard in 1..<max(shards, 1) { DenseKernels.add(gradients(shard), to: sum, count: width) }
            for column in 0..<width { sum[column] *= scale }
            block.update(row: row, gradient: sum, optimizer: deepOptimizer, averaging: averaging)
        }
        for row in rows {
            step(layer.weights, row: row) { workspace.weightGradients[$0][index].base + row * width }
        }
        if rows.lowerBound == 0 { step(layer.bias, row: 0) { workspace.biasGradients[$0][index].base } }
    }
}
