import CTRFeatures
import CTRKernels

/// From a table to a fitted model: encode once, train, measure.
enum ModelTraining {
    /// The newest epochs' records are kept: online learning adds some with each handful of rows.
    static let historyLimit = 1000

    static func train(
        _ table: Table, options: ModelOptions, progress: CTRModel.Progress?
    ) throws(CTRError) -> FittedModel {
        let targets = try Targets(table, options: options)
        let specs = options.features ?? FeatureSpec.infer(from: table, except: targets.names)
        guard !specs.isEmpty else {
            throw .invalidData(
                "the table has no feature columns beside \(targets.names.sorted().joined(separator: ", "))")
        }
        let encoder = try FeatureEncoder(
            fitting: table, specs: specs, crosses: options.crosses, minimumCount: options.minimumCount)
        try MemoryNeed.check(encoder, rows: table.rowCount, options: options)
        let last = "deep.layers.\(options.hiddenUnits.count).weight"
        let start = { () throws(CTRError) in
            try WideDeep(encoder: encoder, options: options) { name, rows, width in
                WideDeep.initialize(name, rows: rows, width: width, seed: options.seed, isLast: name == last)
            }
        }
        let found = try fit(
            try start(), encoder: encoder, table: table, targets: targets, options: options, before: nil,
            progress: progress)
        let epochs = found.summary.bestEpoch
        guard options.refit, epochs > 0, found.summary.isValidated else { return found }
        // From the same start, on the validation part's rows too, for as many epochs as were best without them.
        var whole = options
        whole.earlyStopping = false
        whole.epochs = epochs
        let refitted = try fit(
            try start(), encoder: encoder, table: table, targets: targets, options: whole, before: nil,
            progress: progress.map { Self.continued($0, after: found.summary.history.count) })
        // What was measured, was measured on rows that the first model had not seen.
        var summary = found.summary
        summary.steps = refitted.summary.steps
        return FittedModel(
            options: found.options, encoder: encoder, network: refitted.network, summary: summary, impressions: nil)
    }

    /// A progress function that counts epochs on from earlier ones.
    private static func continued(_ progress: @escaping CTRModel.Progress, after earlier: Int) -> CTRModel.Progress {
        { told in
            var told = told
            told.epoch += earlier
            told.epochs += earlier
            return progress(told)
        }
    }

    static func resume(
        _ fitted: FittedModel, _ table: Table, options: ModelOptions, progress: CTRModel.Progress?
    ) throws(CTRError) -> FittedModel {
        let targets = try Targets(table, options: options)
        let shaped = options.shaped(as: fitted.options)
        var encoder = fitted.encoder
        let counted = targets.replayed?.map { !$0 }
        try encoder.extend(with: table, counted: counted)
        try MemoryNeed.check(encoder, rows: table.rowCount, options: shaped)
        let present = Dictionary(
            fitted.network.parameters.map { ($0.name, $0.block) }, uniquingKeysWith: { first, _ in first })
        let keepsWide = options.wideOptimizer == fitted.options.wideOptimizer
        let keepsDeep = options.deepOptimizer == fitted.options.deepOptimizer
        let network = try WideDeep(encoder: encoder, options: shaped) { name, rows, width in
            guard let block = present[name] else { return Parameters(rows: rows, width: width) }
            let grown = block.copy(rows: rows)
            // One optimiser's state says nothing to another. The bias is always FTRL-Proximal's.
            if name.hasPrefix("wide.") && !keepsWide || name.hasPrefix("deep.") && !keepsDeep { grown.clearState() }
            WideDeep.initializeNewRows(grown, from: block.rows, name: name, seed: options.seed)
            return grown
        }
        return try fit(
            network, encoder: encoder, table: table, targets: targets, options: shaped, before: fitted,
            progress: progress)
    }

    private static func fit(
        _ network: WideDeep, encoder: FeatureEncoder, table: Table, targets: Targets, options: ModelOptions,
        before: FittedModel?, progress: CTRModel.Progress?
    ) throws(CTRError) -> FittedModel {
        guard !network.wide.isEmpty || !network.dense.isEmpty else {
            throw .invalidArgument("part = \"\(options.part.rawValue)\", but no feature feeds that part")
        }
        let encoded = try encoder.encode(table)
        let replayed = before == nil ? nil : targets.replayed
        let set = try TrainingSet(
            rows: TrainingRows(encoded), labels: targets.labels, weights: targets.weights, time: targets.time,
            options: options, isFirst: before == nil, replayed: replayed)
        var trainer = Trainer(model: network, set: set, options: options)
        trainer.stepsBefore = before?.summary.steps ?? 0
        if before != nil { trainer.occurrences = encoder.occurrences }
        trainer.progress = progress
        let outcome = try trainer.run()
        var summary = FittedModel.Summary()
        let earlier = before?.summary.history ?? []
        let new = targets.counted(without: replayed)
        summary.rows = (before?.summary.rows ?? 0) + new.rows
        let earlierClicks = (before?.summary.clickRate ?? 0) * Double(before?.summary.rows ?? 0)
        summary.clickRate = (earlierClicks + new.clickRate * Double(new.rows)) / Double(max(summary.rows, 1))
        summary.steps = outcome.steps
        // Where no epoch was better, the weights are still those of the best one before.
        summary.bestEpoch =
            outcome.bestEpoch == 0 ? before?.summary.bestEpoch ?? 0 : outcome.bestEpoch + (earlier.last?.epoch ?? 0)
        let last = earlier.last?.epoch ?? 0
        let all =
            earlier
            + outcome.history.map { record in
                var record = record
                record.epoch += last
                return record
            }
        summary.history = all.suffix(historyLimit)
        // Among a few new rows and replayed ones they could not be measured: then the earlier ones stand.
        summary.importances =
            before.flatMap { replayed == nil ? nil : $0.summary.importances }
            ?? Importance.measure(
                network, encoder: encoder, encoded: encoded, set: set, seed: options.seed, threads: trainer.threads)
        var kept = options
        kept.features = encoder.features.map(\.spec)
        return FittedModel(
            options: kept, encoder: encoder, network: network, summary: summary, impressions: before?.impressions,
            metadata: before?.metadata ?? "")
    }
}

/// The columns a training needs beside the features'.
private struct Targets {
    let labels: [Bool]
    let weights: [Double]
    let time: [Double]?
    let replayed: [Bool]?
    let names: Set<String>

    init(_ table: Table, options: ModelOptions) throws(CTRError) {
        guard table.rowCount >= 2 else {
            throw .invalidData("the table has \(table.rowCount) rows; training needs at least one of each class")
        }
        labels = try Labels.read(options.label, from: table)
        var names: Set<String> = [options.label]
        if let name = options.weight {
            names.insert(name)
            weights = try Self.numbers(name, "weight", in: table)
            if let row = weights.firstIndex(where: { $0 < 0 }) {
                throw .invalidData("weight column '\(name)', row \(row) (from 0): \(weights[row]) is negative")
            }
        } else {
            weights = [Double](repeating: 1, count: table.rowCount)
        }
        if let name = options.time {
            names.insert(name)
            time = try Self.numbers(name, "time", in: table)
        } else {
            time = nil
        }
        if let name = options.replay {
            names.insert(name)
            replayed = try Labels.read(name, "replay", from: table)
        } else {
            replayed = nil
        }
        self.names = names
    }

    /// The rows of some weight that are not replayed, and their weighted click rate.
    func counted(without replayed: [Bool]?) -> (rows: Int, clickRate: Double) {
        var (rows, clicks, total) = (0, 0.0, 0.0)
        for (row, weight) in weights.enumerated() where weight > 0 && !(replayed?[row] ?? false) {
            rows += 1
            total += weight
            if labels[row] { clicks += weight }
        }
        return (rows, total > 0 ? clicks / total : 0)
    }

    private static func numbers(_ name: String, _ role: String, in table: Table) throws(CTRError) -> [Double] {
        guard let values = table.column(name)?.asNumeric() else {
            throw .invalidData("the table has no column of numbers '\(name)' for the \(role)")
        }
        if let row = values.firstIndex(where: \.isNaN) {
            throw .invalidData("\(role) column '\(name)', row \(row) (from 0) is missing")
        }
        return values
    }
}
