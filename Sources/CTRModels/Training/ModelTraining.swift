import CTRFeatures
import CTRKernels
import CTRNetwork

/// From a table to a fitted model.
enum ModelTraining {
    /// The newest epochs' records are kept: online learning adds some with each handful of rows.
    static let historyLimit = 1000

    /// `read` makes the table, which nobody else need keep: a training keeps it no longer than it is read.
    static func train(
        _ read: CTRModel.Read, options: ModelOptions, reports: ProgressReports?
    ) throws(CTRError) -> FittedModel {
        try FirstTraining(options: options, reports: reports).run(read)
    }

    static func resume(
        _ fitted: FittedModel, _ read: CTRModel.Read, options: ModelOptions, reports: ProgressReports?
    ) throws(CTRError) -> FittedModel {
        let shaped = options.shaped(as: fitted.options)
        let job = try encoded(read, by: fitted.encoder, options: shaped, reports)
        let encoder = job.encoder
        var results: [TrainingJob.Result] = []
        for (index, member) in fitted.ensemble.members.enumerated() {
            let own = Ensemble.options(shaped, of: index)
            reports?.begin(member: index + 1)
            results.append(
                try job.train(options: own, before: fitted) { () throws(CTRError) in
                    try grown(member, of: fitted, encoder: encoder, options: own, reports?.interruption)
                })
        }
        let ensemble = Ensemble(results.map(\.network))
        var kept = shaped
        kept.features = encoder.features.map(\.spec)
        return FittedModel(
            options: kept, encoder: encoder, ensemble: ensemble,
            summary: try summary(fitted.summary, job, results, ensemble, seed: options.seed),
            impressions: fitted.impressions, metadata: fitted.metadata)
    }

    /// The table encoded, what it has that is new learnt before.
    private static func encoded(
        _ read: CTRModel.Read, by known: FeatureEncoder, options: ModelOptions, _ reports: ProgressReports?
    ) throws(CTRError) -> TrainingJob {
        let interruption = reports?.interruption
        var table = try read(interruption)
        reports?.begin(rows: table.rowCount)
        let targets = try TrainingTargets(table, options: options)
        var encoder = known
        table = try encoder.prepared(table, threads: options.workers, interruption: interruption)
        try encoder.extend(
            with: table, counted: targets.replayed?.map { !$0 }, threads: options.workers, interruption: interruption)
        return try TrainingJob(table, encoder: encoder, targets: targets, options: options, reports: reports)
    }

    /// The member's weights with rows for what the encoder has learnt since.
    private static func grown(
        _ member: Network, of fitted: FittedModel, encoder: FeatureEncoder, options: ModelOptions,
        _ interruption: Interruption?
    ) throws(CTRError) -> Network {
        let before = fitted.options
        let (earlier, now) = (fitted.encoder.occurrences, encoder.occurrences)
        let present = Dictionary(
            member.blocks.map { (ExactText($0.shape.name), $0.block) }, uniquingKeysWith: { first, _ in first })
        // An embedding keeps its width, however many ids there are.
        let blueprint = Blueprint(ModelInputs(encoder, options)) { shape in
            present[ExactText(shape.name)]?.width ?? shape.width
        }
        return try Network(blueprint) { (shape) throws(CTRError) in
            try interruption?.check()
            guard let block = present[ExactText(shape.name)] else {
                return Parameter(
                    rows: shape.rows, width: shape.width, states: options.optimizer(of: shape.role).states)
            }
            let grown = block.copy(rows: shape.rows)
            // One optimiser's state says nothing to another.
            let optimizer = options.optimizer(of: shape.role)
            if optimizer != before.optimizer(of: shape.role) { grown.clearState(states: optimizer.states) }
            let feature = ExactText(shape.feature)
            if shape.role.isEmbedding, let counts = now[feature] {
                grown.startFromUnknown(
                    earlier: earlier[feature] ?? [], now: counts, minimumCount: options.minimumCount)
            }
            return grown
        }
    }

    private static func summary(
        _ before: FittedModel.Summary, _ job: TrainingJob, _ results: [TrainingJob.Result], _ ensemble: Ensemble,
        seed: UInt64
    ) throws(CTRError) -> FittedModel.Summary {
        let first = results[0]
        var summary = before
        summary.divergence = results.compactMap(\.outcome.divergence).first
        let new = job.targets.counted(without: job.targets.replayed)
        summary.rows = Tally.sum(before.rows, new.rows)
        let clicks = before.clickRate * Double(before.rows) + new.clickRate * Double(new.rows)
        summary.clickRate = clicks / Double(max(summary.rows, 1))
        summary.steps = Tally.sum(first.outcome.steps, 0)
        let last = before.history.last?.epoch ?? 0
        // Where no epoch was better, the weights are still those of the best one before.
        if first.outcome.bestEpoch > 0 { summary.bestEpoch = Tally.sum(last, first.outcome.bestEpoch) }
        let records = first.outcome.history.map { record in
            var record = record
            record.epoch = Tally.sum(last, record.epoch)
            return record
        }
        summary.history = (before.history + records).suffix(historyLimit)
        // Among a few new rows and replayed ones they could not be measured: then the earlier ones stand.
        if job.targets.replayed == nil { summary.importances = try job.importances(ensemble, first, seed: seed) }
        return summary
    }
}
