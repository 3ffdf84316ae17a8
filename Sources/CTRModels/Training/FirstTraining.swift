import CTRFeatures
import CTRNetwork

/// Training from nothing: crosses, the first model, then the other models of the ensemble.
struct FirstTraining {
    let options: ModelOptions
    let reports: ProgressReports?

    func run(_ read: CTRModel.Read) throws(CTRError) -> FittedModel {
        let (job, found, plain) = try encoded(read)
        return try train(job, found: found, without: plain)
    }

    /// The table is let go of here, the columns as they were read as soon as there are categories of them: encoded, its
    /// rows are all that a training needs.
    private func encoded(
        _ read: CTRModel.Read
    ) throws(CTRError) -> (job: TrainingJob, found: [CrossSearch.Found], without: TrainingJob?) {
        let interruption = reports?.interruption
        var table = try read(interruption)
        reports?.begin(rows: table.rowCount)
        let targets = try TrainingTargets(table, options: options)
        let specs = options.features ?? FeatureSpec.infer(from: table, except: targets.names.exact)
        guard !specs.isEmpty else {
            throw .invalidData(
                "the table has no feature columns beside \(targets.names.sorted().joined(separator: ", "))")
        }
        table = try FeatureEncoder.prepared(
            table, specs: specs, threads: options.workers, interruption: interruption)
        let plain = try FeatureEncoder(
            fitting: table, specs: specs, numericBins: options.numericBins, threads: options.workers,
            interruption: interruption
        )
        .settled(isWideAlone: options.isLinearComplete)
        let job = try self.job(table, plain, targets, crosses: options.crosses ?? [])
        guard options.crosses == nil, options.architecture.traits.findsCrosses, options.part != .deep else {
            return (job, [], nil)
        }
        let found = try CrossSearch(
            encoder: plain, rows: job.encoded, labels: targets.labels, weights: targets.weights, options: options,
            interruption: interruption
        ).run()
        if found.isEmpty { return (job, [], nil) }
        return (try self.job(table, plain, targets, crosses: found.map(\.features)), found, job)
    }

    private func job(
        _ table: Table, _ plain: FeatureEncoder, _ targets: TrainingTargets, crosses: [[String]]
    ) throws(CTRError) -> TrainingJob {
        let encoder =
            crosses.isEmpty
            ? plain
            : try plain.adding(
                crosses: crosses, from: table, threads: options.workers, interruption: reports?.interruption)
        return try TrainingJob(table, encoder: encoder, targets: targets, options: options, reports: reports)
    }

    /// `without` is the same table without the crosses that were found: they are kept only where they better the
    /// validation log loss of the whole model, whose deep part may know already what they tell.
    private func train(
        _ given: TrainingJob, found: [CrossSearch.Found], without: TrainingJob?
    ) throws(CTRError) -> FittedModel {
        var (job, first, crosses) = (given, try fit(given, options), found)
        if let without, let loss = first.outcome.bestLoss {
            let plain = try fit(without, options)
            if let other = plain.outcome.bestLoss, other <= loss { (job, first, crosses) = (without, plain, []) }
        }
        var others = options
        let isRefitted = options.refit && first.outcome.bestLoss != nil && first.outcome.bestEpoch > 0
        if isRefitted {
            // On the validation part's rows too, for as many epochs as were best without them.
            (others.earlyStopping, others.epochs) = (false, first.outcome.bestEpoch)
        }
        var results = [first]
        if options.members == 1, isRefitted {
            reports?.begin(member: 1, isRefit: true)
            results = [try fit(job, others)]
        }
        while results.count < options.members {
            reports?.begin(member: results.count + 1, isRefit: isRefitted)
            results.append(try fit(job, Ensemble.options(others, of: results.count)))
        }
        return try model(job, Ensemble(results.map(\.network)), first, crosses, of: results)
    }

    /// What was measured, was measured by the first model, on rows that it had not seen.
    private func model(
        _ job: TrainingJob, _ ensemble: Ensemble, _ first: TrainingJob.Result, _ crosses: [CrossSearch.Found],
        of results: [TrainingJob.Result]
    ) throws(CTRError) -> FittedModel {
        var summary = FittedModel.Summary()
        (summary.rows, summary.clickRate) = job.targets.counted(without: nil)
        summary.steps = results.map(\.outcome.steps).max() ?? 0
        summary.divergence = ([first] + results).compactMap(\.outcome.divergence).first
        summary.bestEpoch = first.outcome.bestEpoch
        summary.history = first.outcome.history.suffix(ModelTraining.historyLimit)
        summary.crosses = crosses
        summary.importances = try job.importances(ensemble, first, seed: options.seed)
        var kept = options
        kept.features = job.encoder.features.map(\.spec)
        return FittedModel(options: kept, encoder: job.encoder, ensemble: ensemble, summary: summary, impressions: nil)
    }

    private func fit(
        _ job: TrainingJob, _ options: ModelOptions
    ) throws(CTRError) -> TrainingJob.Result {
        try job.train(options: options) { () throws(CTRError) in
            try Network(job.blueprint) { (shape) throws(CTRError) in
                try reports?.interruption.check()
                return Parameter(
                    shape, states: options.optimizer(of: shape.role).states, seed: options.seed,
                    threads: options.workers)
            }
        }
    }
}
