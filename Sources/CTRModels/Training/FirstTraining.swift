import CTRFeatures

/// Training from nothing: crosses, the first model, then the other models of the ensemble.
struct FirstTraining {
    let options: ModelOptions
    let progress: CTRModel.Progress?
    /// Epochs of the trainings so far: what is told of the next one counts on from them.
    private var told = 0

    init(options: ModelOptions, progress: CTRModel.Progress?) {
        self.options = options
        self.progress = progress
    }

    mutating func run(_ read: () throws(CTRError) -> Table) throws(CTRError) -> FittedModel {
        let (job, found, plain) = try encoded(read)
        return try train(job, found: found, without: plain)
    }

    /// The table is let go of here, the columns as they were read as soon as there are categories of them: encoded, its
    /// rows are all that a training needs.
    private func encoded(
        _ read: () throws(CTRError) -> Table
    ) throws(CTRError) -> (job: TrainingJob, found: [CrossSearch.Found], without: TrainingJob?) {
        var table = try read()
        let targets = try TrainingTargets(table, options: options)
        let specs = options.features ?? FeatureSpec.infer(from: table, except: targets.names.exact)
        guard !specs.isEmpty else {
            throw .invalidData(
                "the table has no feature columns beside \(targets.names.sorted().joined(separator: ", "))")
        }
        table = FeatureEncoder.prepared(table, specs: specs, threads: options.workers)
        let plain = try FeatureEncoder(
            fitting: table, specs: specs, numericBins: options.numericBins, threads: options.workers
        )
        .settled(isWideAlone: options.part == .wide)
        let job = try self.job(table, plain, targets, crosses: options.crosses ?? [])
        if options.crosses != nil || options.part == .deep { return (job, [], nil) }
        let found = try CrossSearch(
            encoder: plain, rows: job.encoded, labels: targets.labels, weights: targets.weights, options: options
        ).run().filter { cross in !specs.contains { $0.name == FeatureEncoder.crossName(cross.features) } }
        if found.isEmpty { return (job, [], nil) }
        return (try self.job(table, plain, targets, crosses: found.map(\.features)), found, job)
    }

    private func job(
        _ table: Table, _ plain: FeatureEncoder, _ targets: TrainingTargets, crosses: [[String]]
    ) throws(CTRError) -> TrainingJob {
        let encoder =
            crosses.isEmpty ? plain : try plain.adding(crosses: crosses, from: table, threads: options.workers)
        return try TrainingJob(table, encoder: encoder, targets: targets, options: options)
    }

    /// `without` is the same table without the crosses that were found: they are kept only where they better the
    /// validation log loss of the whole model, whose deep part may know already what they tell.
    private mutating func train(
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
        if options.members == 1, isRefitted { results = [try fit(job, others)] }
        while results.count < options.members {
            results.append(try fit(job, Ensemble.options(others, of: results.count)))
        }
        return try model(job, Ensemble(results.map(\.network)), first, crosses, steps: results.map(\.outcome.steps))
    }

    /// What was measured, was measured by the first model, on rows that it had not seen.
    private func model(
        _ job: TrainingJob, _ ensemble: Ensemble, _ first: TrainingJob.Result, _ crosses: [CrossSearch.Found],
        steps: [Int]
    ) throws(CTRError) -> FittedModel {
        var summary = FittedModel.Summary()
        (summary.rows, summary.clickRate) = job.targets.counted(without: nil)
        summary.steps = steps.max() ?? 0
        summary.bestEpoch = first.outcome.bestEpoch
        summary.history = first.outcome.history.suffix(ModelTraining.historyLimit)
        summary.crosses = crosses
        summary.importances = try job.importances(ensemble, first, seed: options.seed)
        var kept = options
        kept.features = job.encoder.features.map(\.spec)
        return FittedModel(options: kept, encoder: job.encoder, ensemble: ensemble, summary: summary, impressions: nil)
    }

    private mutating func fit(
        _ job: TrainingJob, _ options: ModelOptions
    ) throws(CTRError) -> TrainingJob.Result {
        let last = "deep.layers.\(options.hiddenUnits.count).weight"
        let network = try WideDeep(encoder: job.encoder, options: options) { name, rows, width in
            WideDeep.initialize(
                name, rows: rows, width: width, seed: options.seed, isLast: name == last, threads: options.workers)
        }
        let result = try job.train(
            network, options: options, progress: ModelTraining.countedOn(progress, after: told))
        told += result.outcome.history.count
        return result
    }
}
