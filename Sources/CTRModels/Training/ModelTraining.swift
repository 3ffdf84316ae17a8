import CTRFeatures
import CTRKernels

/// From a table to a fitted model: encode once, train, measure.
enum ModelTraining {
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
        let network = try WideDeep(encoder: encoder, options: options) { name, rows, width in
            WideDeep.initialize(name, rows: rows, width: width, seed: options.seed, isLast: name == last)
        }
        return try fit(
            network, encoder: encoder, table: table, targets: targets, options: options, before: nil,
            progress: progress)
    }

    static func resume(
        _ fitted: FittedModel, _ table: Table, options: ModelOptions, progress: CTRModel.Progress?
    ) throws(CTRError) -> FittedModel {
        let targets = try Targets(table, options: options)
        var shaped = options
        shaped.part = fitted.options.part
        shaped.features = fitted.options.features
        shaped.crosses = fitted.options.crosses
        shaped.hiddenUnits = fitted.options.hiddenUnits
        shaped.embeddingDimension = fitted.options.embeddingDimension
        var encoder = fitted.encoder
        try encoder.extend(with: table)
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
        let set = try TrainingSet(
            rows: TrainingRows(encoded), labels: targets.labels, weights: targets.weights, time: targets.time,
            options: options, isFirst: before == nil)
        var trainer = Trainer(model: network, set: set, options: options)
        trainer.stepsBefore = before?.summary.steps ?? 0
        trainer.progress = progress
        let outcome = try trainer.run()
        var summary = FittedModel.Summary()
        let earlier = before?.summary.history ?? []
        summary.rows = (before?.summary.rows ?? 0) + set.training.count + set.validation.count
        summary.clickRate = set.clickRate
        summary.steps = outcome.steps
        // Where no epoch was better, the weights are still those of the best one before.
        summary.bestEpoch =
            outcome.bestEpoch == 0 ? before?.summary.bestEpoch ?? 0 : outcome.bestEpoch + earlier.count
        summary.history =
            earlier
            + outcome.history.map { record in
                var record = record
                record.epoch += earlier.count
                return record
            }
        summary.importances = Importance.measure(
            network, encoder: encoder, encoded: encoded, set: set, seed: options.seed, threads: trainer.threads)
        var kept = options
        kept.features = encoder.features.map(\.spec)
        return FittedModel(
            options: kept, encoder: encoder, network: network, summary: summary, impressions: before?.impressions)
    }
}

/// The columns a training needs beside the features'.
private struct Targets {
    let labels: [Bool]
    let weights: [Double]
    let time: [Double]?
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
        self.names = names
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
