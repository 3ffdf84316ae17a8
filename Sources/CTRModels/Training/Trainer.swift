import CTRFeatures
import CTRKernels
import CTRNetwork
import Glibc

/// Trains a model on a set: epochs of shuffled batches, validation of the averaged weights after each, early stopping
/// that puts the best epoch's weights back.
package struct Trainer {
    package let model: Network
    package let set: TrainingSet
    package let options: ModelOptions
    /// Steps that earlier training has taken.
    package var stepsBefore = 0
    /// How often each listed category stood in all trainings so far, by feature: for continued training.
    package var occurrences: [ExactText: [Int]] = [:]
    /// Rows of all trainings, this one's too, without what is replayed; the training rows where nothing was before.
    package var priorRows: Int?
    /// Asked whether the training goes on.
    package var interruption: Interruption?
    /// Told of each epoch.
    var reports: ProgressReports?

    package struct Outcome: Sendable {
        package var history: [EpochRecord] = []
        package var bestEpoch = 0
        /// The best epoch's validation log loss; nil where nothing was held out.
        package var bestLoss: Double?
        package var steps = 0
        /// Why the training stopped, where it diverged after some good epochs.
        package var divergence: String?
        /// Whether the network is to be trained anew, for `bestEpoch` epochs: without a validation part no epoch's weights
        /// are kept, and it diverged after some good ones.
        package var isSpoilt = false
    }

    package init(model: Network, set: TrainingSet, options: ModelOptions) {
        self.model = model
        self.set = set
        self.options = options
    }

    package var threads: Int { options.threads == 0 ? ThreadPool.processorCount : options.threads }

    /// Small sets take smaller batches: an epoch of at least some twenty steps.
    package static func batchSize(rows: Int, options: ModelOptions) -> Int {
        min(options.batchSize, max(8, rows / 20), max(rows, 1))
    }

    package func run() throws(CTRError) -> Outcome {
        let batchSize = Self.batchSize(rows: set.training.count, options: options)
        let stepsPerEpoch = (set.training.count + batchSize - 1) / batchSize
        if stepsBefore == 0 { start() }
        adoptWeights()
        let blocks = model.parameters
        for block in blocks { block.startAverage() }
        defer { for block in blocks { block.endAverage() } }
        let settings = TrainingPlan.Settings(
            batchSize: batchSize, dropout: options.dropout, seed: options.seed,
            optimizers: options.optimizers(priorRows: priorRows ?? set.training.count),
            averaging: Averaging(horizon: Double(stepsPerEpoch), warmUp: stepsBefore == 0), threads: threads,
            occurrences: occurrences)
        let plan = try TrainingPlan(
            model, set.rows, set.targets, training: set.training, settings, interruption: interruption)
        var divergence = Divergence(set, options)
        var outcome = Outcome()
        outcome.steps = stepsBefore
        var best: (loss: Double, weights: [FloatBuffer])?
        var order = set.training
        let validation = IndexBuffer(set.validation)
        if stepsBefore > 0, !set.validation.isEmpty {
            // Where no epoch betters them, the weights that training goes on from stay.
            let loss = try validate(validation).logLoss
            divergence.allow(validation: loss)
            if loss.isFinite { best = (loss, blocks.map { $0.average.copy() }) }
        }
        let begin = Monotonic.seconds()
        for epoch in 1...options.epochs {
            let epochBegin = Monotonic.seconds()
            reports?.begin(epoch: epoch, of: options.epochs, rows: set.training.count)
            var random = RandomStream(
                seed: options.seed, 2, UInt64(truncatingIfNeeded: epoch), UInt64(truncatingIfNeeded: stepsBefore))
            random.shuffle(&order)
            var record = try runEpoch(
                epoch, order: order, batchSize: batchSize, plan: plan, steps: &outcome.steps,
                divergence: &divergence)
            flushAverages(blocks, plan.averaging)
            if !set.validation.isEmpty { record.validation = try validate(validation) }
            if divergence.isReached(by: record) {
                outcome.divergence = divergence.message(record)
                break
            }
            let now = Monotonic.seconds()
            record.seconds = max(now - begin, 0)
            record.rowsPerSecond = Double(set.training.count) / max(now - epochBegin, 1e-9)
            outcome.history.append(record)
            try reports?.end(record)
            let loss = record.validation?.logLoss ?? -Double(epoch)
            if loss < (best?.loss ?? .infinity), divergence.allows(record) {
                outcome.bestEpoch = epoch
                best = (loss, set.validation.isEmpty ? [] : blocks.map { $0.average.copy() })
            } else if !set.validation.isEmpty, epoch - outcome.bestEpoch >= options.patience {
                break
            }
        }
        if !set.validation.isEmpty { outcome.bestLoss = best?.loss }
        finish(best?.weights ?? [])
        try judge(&outcome, divergence, hasBest: best != nil)
        // Sums of squares that are too large for a float would spoil trainings to come, and no file holds them.
        for block in blocks where !block.isStateFinite { block.clearState() }
        return outcome
    }

    /// Throws where there are no weights to keep, of an epoch or of before; says where the last epochs' are not kept.
    private func judge(_ outcome: inout Outcome, _ divergence: Divergence, hasBest: Bool) throws(CTRError) {
        if outcome.divergence == nil, let last = outcome.history.last {
            let isLastBad = set.validation.isEmpty && outcome.bestEpoch < last.epoch
            if isLastBad || !hasBest { outcome.divergence = divergence.message(last) }
        }
        var hasBest = hasBest
        // The last step's weights have not been through a loss yet.
        let areSane = model.parameters.allSatisfy { block in
            (0..<block.weights.count).allSatisfy { abs(block.weights.base[$0]) <= Divergence.largestWeight }
        }
        if !areSane, outcome.divergence == nil || !set.validation.isEmpty {
            outcome.divergence = "the training diverged: it left weights beyond \(Divergence.largestWeight)"
            if set.validation.isEmpty { outcome.bestEpoch -= 1 }
            hasBest = set.validation.isEmpty && outcome.bestEpoch > 0
        }
        guard let message = outcome.divergence else { return }
        guard hasBest else { throw divergence.error(message) }
        outcome.isSpoilt = set.validation.isEmpty
        // What the optimisers remember of the epochs that went wrong would spoil those to come.
        for block in model.parameters { block.clearState() }
        let kept = outcome.bestEpoch > 0 ? "those of epoch \(outcome.bestEpoch)" : "what they were before"
        outcome.divergence = divergence.error("\(message); its weights are \(kept)").message
    }

    private func flushAverages(_ blocks: [Parameter], _ averaging: Averaging) {
        let share = 1 << 16
        let shares = blocks.flatMap { block in
            stride(from: 0, to: block.rows, by: share).map { (block, $0..<min($0 + share, block.rows)) }
        }
        ThreadPool.shared.run(tasks: shares.count, threads: threads) { index in
            let (block, rows) = shares[index]
            block.flushAverage(rows: rows, averaging)
        }
    }

    /// The bias begins at the log-odds of the click rate.
    private func start() {
        let rate = min(max(set.clickRate, 1e-6), 1 - 1e-6)
        model.intercept = Float(log(rate / (1 - rate)))
    }

    /// The weights to begin with were not all left by these optimisers with these settings: they are random, averaged,
    /// or of an earlier training.
    private func adoptWeights() {
        let optimizers = options.optimizers(priorRows: 1)
        for (shape, block) in model.blocks {
            optimizers[shape.role.group].slowed(to: shape.rateShare).adopt(
                block.weights.base, state1: block.state1.base, state2: block.state2.base, count: block.weights.count)
        }
    }

    private func runEpoch(
        _ epoch: Int, order: [Int32], batchSize: Int, plan: TrainingPlan, steps: inout Int,
        divergence: inout Divergence
    ) throws(CTRError) -> EpochRecord {
        plan.reserve(steps: (order.count + batchSize - 1) / batchSize)
        let losses = FloatBuffer(count: order.count)
        let logits = FloatBuffer(count: order.count)
        let rows = IndexBuffer(order)
        var sum = 0.0
        var done = 0
        while done < order.count {
            let count = min(batchSize, order.count - done)
            steps += 1
            plan.run(
                UnsafeBufferPointer(start: rows.base + done, count: count), step: steps, losses: losses.base + done)
            memcpy(logits.base + done, plan.outputs, count * MemoryLayout<Float>.stride)
            for position in done..<(done + count) { sum += Double(losses.base[position]) }
            done += count
            if epoch == 1, done == count, stepsBefore > 0 { divergence.allow(training: sum / Double(count)) }
            if done < order.count { reports?.update(rowsDone: done, trainLogLoss: sum / Double(done)) }
            try interruption?.check()
        }
        let auc = Metrics.auc(
            labels: order.map { set.isClick($0) },
            scores: (0..<order.count).map { Double(logits.base[$0]) },
            weights: order.map { set.weight($0) })
        return EpochRecord(
            epoch: epoch, trainLogLoss: sum / Double(order.count), trainAUC: auc, validation: nil, seconds: 0,
            rowsPerSecond: 0)
    }

    private func validate(_ validation: IndexBuffer) throws(CTRError) -> Metrics {
        try Metrics(
            labels: set.validation.map { set.isClick($0) },
            probabilities: Ensemble([model], using: .average).probabilities(
                set.rows, of: validation, threads: threads, interruption: interruption),
            weights: set.validation.map { set.weight($0) })
    }

    /// The averaged weights become the model's; without a validation part those of the last epoch.
    private func finish(_ best: [FloatBuffer]) {
        for (index, block) in model.parameters.enumerated() {
            block.weights.assign(from: index < best.count ? best[index] : block.average)
        }
    }
}
