import CTRFeatures
import CTRKernels

/// A network made ready to be trained in batches of at most so many rows. A step is two parallel phases (Cheng et al.,
/// 2016, section 3.3): each shard of the batch goes forward, through the objective and back, and writes its own rows
/// alone; then every optimiser's updates, each of its own weights, sum up over the batch.
///
/// Once its memory has grown to a batch's, it allocates nothing.
package final class TrainingPlan: PoolJob {
    private let batch: BatchStep
    private let targets: Targets
    private let objective: any Objective
    private let shape: BatchShape
    private let threads: Int
    private let passes: [any Pass]
    private let output: ArenaBlock
    /// Gradients to which several layers add: zero before each shard's way back.
    private let added: [ArenaBlock]
    private let values: FloatBuffer
    private let gradients: FloatBuffer
    private let updates: [Update]
    /// By worker.
    private let memories: [UpdateMemory]
    private var optimizers: OptimizerSet
    /// Looked at within steps, where they are long; else between them is enough.
    private let interruption: Interruption?
    private let whileWaiting: (() -> Void)?

    /// What the threads work on: one of the two phases of a step.
    private var isUpdate = false
    private var step = 0
    private var losses: UnsafeMutablePointer<Float>?

    /// What a training asks of its plan beside the network.
    package struct Settings {
        package var batchSize: Int
        package var dropout: Double
        package var seed: UInt64
        package var optimizers: OptimizerSet
        package var averaging: Averaging
        package var threads: Int
        /// How often each listed category stood in all trainings, by feature.
        package var occurrences: [ExactText: [Int]]

        package init(
            batchSize: Int, dropout: Double, seed: UInt64, optimizers: OptimizerSet, averaging: Averaging, threads: Int,
            occurrences: [ExactText: [Int]] = [:]
        ) {
            self.batchSize = batchSize
            self.dropout = dropout
            self.seed = seed
            self.optimizers = optimizers
            self.averaging = averaging
            self.threads = threads
            self.occurrences = occurrences
        }
    }

    /// `training`: the rows that batches are taken from.
    package init(
        _ network: Network, _ rows: TrainingRows, _ targets: Targets, training: [Int32],
        objective: any Objective = LogisticObjective(), _ settings: Settings, interruption: Interruption? = nil
    ) throws(CTRError) {
        let frequencies = try Frequencies.count(
            network, rows, training: training, occurrences: settings.occurrences, interruption: interruption)
        let shape = BatchShape(
            capacity: settings.batchSize, dropout: settings.dropout, seed: settings.seed, frequencies: frequencies)
        let plan = PlanDraft(network, using: .current, batch: shape)
        let blueprint = network.blueprint
        let passes = blueprint.layers.map { $0.pass(in: plan) }
        var list = UpdateList()
        for pass in passes.reversed() { pass.addUpdates(to: &list) }
        self.targets = targets
        self.objective = objective
        self.shape = shape
        self.passes = passes
        threads = settings.threads
        output = blueprint.logit.map { plan.block($0) } ?? ArenaBlock(first: 0, width: 0)
        added = blueprint.signals.filter { plan.addsGradient($0) }.map { plan.block($0) }
        values = FloatBuffer(count: plan.arena.size * shape.capacity)
        gradients = FloatBuffer(count: plan.arena.size * shape.capacity)
        updates = list.ordered
        memories = (0..<ThreadPool.workers(settings.threads)).map { [list] _ in UpdateMemory(list) }
        optimizers = settings.optimizers
        batch = BatchStep(
            rows, capacity: shape.capacity, values: values, gradients: gradients, averaging: settings.averaging)
        let isLong = shape.capacity * (blueprint.products + Self.rowCost) > Self.longStep
        self.interruption = isLong ? interruption : nil
        whileWaiting = self.interruption.map { interruption in { _ = interruption.isCancelled } }
    }

    /// In multiplications: a few milliseconds, beside which reading the clock for each task costs nothing.
    private static let longStep = 1 << 24
    /// About what encoding, looking up and updating a row's ids takes.
    private static let rowCost = 1 << 12

    /// Makes room for the average's bookkeeping of so many steps.
    package func reserve(steps: Int) { batch.averaging.reserve(steps) }

    package var averaging: Averaging { batch.averaging }

    /// Trains on one batch (at most `batchSize` rows) and writes each row's loss at its position.
    package func run(_ batch: UnsafeBufferPointer<Int32>, step: Int, losses: UnsafeMutablePointer<Float>) {
        self.batch.averaging.beginStep()
        optimizers.beginStep(step, rows: batch.count)
        self.batch.batch = batch
        (self.step, self.losses, isUpdate) = (step, losses, false)
        let shards = (batch.count + shape.rowsPerShard - 1) / shape.rowsPerShard
        ThreadPool.shared.run(tasks: shards, threads: threads, whileWaiting: whileWaiting, job: self)
        self.batch.set(optimizers)
        isUpdate = true
        ThreadPool.shared.run(tasks: updates.count, threads: threads, whileWaiting: whileWaiting, job: self)
    }

    /// A task of the present phase; none once the training is cancelled, whose weights nobody will read.
    package func run(task: Int, worker: Int) {
        if let interruption, interruption.isCancelled { return }
        if isUpdate {
            updates[task].run(batch, memories[worker])
        } else {
            let start = task * shape.rowsPerShard
            forwardBackward(start, count: min(shape.rowsPerShard, batch.count - start), shard: task)
        }
    }

    /// The network's outputs for the batch last run.
    package var outputs: UnsafePointer<Float> {
        UnsafePointer(values.base + output.offset(shape.capacity, 0))
    }

    private func forwardBackward(_ start: Int, count: Int, shard index: Int) {
        guard let positions = batch.batch.baseAddress.map({ $0 + start }), let losses else { return }
        let shard = Shard(
            rows: batch.rows, selection: vl_selection(rows: positions, first: 0, count: count), start: start,
            count: count,
            index: index, capacity: shape.capacity, values: values.base, gradients: gradients.base, step: step)
        for pass in passes { pass.forward(shard) }
        for block in added { shard.gradients(block).update(repeating: 0, count: count * block.width) }
        objective.evaluate(
            shard.values(output), targets, rows: UnsafeBufferPointer(start: positions, count: count),
            losses: losses + start, gradient: shard.gradients(output))
        for pass in passes.reversed() { pass.backward(shard) }
    }
}
