import CTRFeatures
import CTRKernels
import CTRNetwork

/// A table made ready: encoded once for any number of trainings.
struct TrainingJob {
    let encoder: FeatureEncoder
    /// Of a first training.
    let blueprint: Blueprint
    let encoded: EncodedRows
    let rows: TrainingRows
    let targets: TrainingTargets
    let reports: ProgressReports?

    init(
        _ table: Table, encoder: FeatureEncoder, targets: TrainingTargets, options: ModelOptions,
        reports: ProgressReports?
    ) throws(CTRError) {
        blueprint = Blueprint(ModelInputs(encoder, options))
        try MemoryNeed.check(blueprint, encoder, rows: table.rowCount, options: options)
        self.encoder = encoder
        self.targets = targets
        self.reports = reports
        encoded = try encoder.encode(table, threads: options.workers, interruption: reports?.interruption)
        rows = TrainingRows(encoded)
    }

    /// What came of one training.
    struct Result {
        let network: Network
        var outcome: Trainer.Outcome
        let set: TrainingSet
        let threads: Int
    }

    /// Trains the network that `make` makes, another time where the first is spoilt. `before` is the model that it
    /// continues.
    func train(
        options: ModelOptions, before: FittedModel? = nil, _ make: () throws(CTRError) -> Network
    ) throws(CTRError) -> Result {
        let result = try trainOnce(make(), options: options, before: before, reports)
        reports?.endTraining(epochs: result.outcome.history.count)
        guard result.outcome.isSpoilt else { return result }
        var fewer = options
        (fewer.epochs, fewer.earlyStopping) = (result.outcome.bestEpoch, false)
        var again = try trainOnce(make(), options: fewer, before: before, nil)
        again.outcome.divergence = result.outcome.divergence
        return again
    }

    private func trainOnce(
        _ network: Network, options: ModelOptions, before: FittedModel?, _ reports: ProgressReports?
    ) throws(CTRError) -> Result {
        guard network.blueprint.readsFeatures else {
            throw .invalidArgument("part = \"\(options.part.rawValue)\", but no feature feeds that part")
        }
        let replayed = before == nil ? nil : targets.replayed
        let set = try TrainingSet(
            rows: rows, labels: targets.labels, weights: targets.weights, time: targets.time, options: options,
            isFirst: before == nil, replayed: replayed)
        var trainer = Trainer(model: network, set: set, options: options)
        if let before {
            trainer.stepsBefore = before.summary.steps
            trainer.occurrences = encoder.occurrences
            trainer.priorRows = before.summary.rows + targets.counted(without: replayed).rows
        }
        trainer.reports = reports
        trainer.interruption = self.reports?.interruption
        return Result(network: network, outcome: try trainer.run(), set: set, threads: trainer.threads)
    }

    func importances(
        _ ensemble: Ensemble, _ result: Result, seed: UInt64
    ) throws(CTRError) -> [(feature: String, increase: Double)] {
        try Importance.measure(
            ensemble, encoder: encoder, encoded: encoded, set: result.set, seed: seed, threads: result.threads,
            interruption: reports?.interruption)
    }
}

extension ModelOptions {
    /// The threads to work on.
    var workers: Int { threads == 0 ? ThreadPool.processorCount : threads }
}
