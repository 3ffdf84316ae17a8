import CTRFeatures

extension ModelOptions {
    /// Every option, in the order in which they are listed and stored.
    static let entries: [OptionEntry] = shape + columns + layers + optimizing + training + running

    private static let shape: [OptionEntry] = [
        OptionEntry(
            key: "model", range: OptionReader.oneOf(Architectures.all.map { $0.name.rawValue }),
            about: "The architecture.", values: OptionEntry.values(Architectures.all.map { $0.name.rawValue }),
            read: { .string($0.model.rawValue) },
            write: { (options, reader) throws(CTRError) in options.model = try reader.model() },
            holds: { options in Architectures.all.contains { $0.name == options.model } }),
        .choice("part", \.part, "Which part of Wide & Deep there is: its ablations are wide and deep.")
            .only { $0.hasParts },
        OptionEntry(
            key: "features", range: "an array of features, or null",
            about: "The schema; null takes every column of the table but label, weight, time and replay.",
            read: { options in options.features.map { .array($0.map(\.json)) } ?? .null },
            write: { (options, reader) throws(CTRError) in options.features = try reader.features() },
            holds: { _ in true }),
        OptionEntry(
            key: "crosses", range: #""auto" or an array of arrays of names"#,
            about: "Combinations of features that have a weight of their own; \"auto\" has Wide & Deep find them.",
            isRead: { $0.isLinear },
            read: { options in options.crosses.map { .array($0.map { .array($0.map { .string($0) }) }) } ?? "auto" },
            write: { (options, reader) throws(CTRError) in options.crosses = try reader.crosses() },
            holds: { _ in true }),
    ]

    private static let columns: [OptionEntry] = [
        OptionEntry(
            key: "label", range: "a column's name", about: "The column of the label, 0 or 1.",
            read: { .string($0.label) },
            write: { (options, reader) throws(CTRError) in options.label = try reader.string() },
            holds: { _ in true }),
        .column("weight", \.weight, "The column of the rows' weights."),
        .column("time", \.time, "The column of the time, by which the latest rows validate."),
        .column("replay", \.replay, "The column that marks, by 1, rows of earlier trainings in a continued one."),
    ]

    private static let dimensions = 1...4096
    private static let widths = 1...65536

    private static let layers: [OptionEntry] = [
        OptionEntry(
            key: "embedding_dim", range: "from \(dimensions.lowerBound) to \(dimensions.upperBound), or null",
            about:
                "Width of every embedding; null chooses it by the size of each vocabulary, or 8 where all have to be alike.",
            values: OptionEntry.values("int", dimensions),
            isRead: { $0.hasDeepPart },
            read: { options in options.embeddingDimension.map { .number(Double($0)) } ?? .null },
            write: { (options, reader) throws(CTRError) in
                options.embeddingDimension = reader.value.isNull ? nil : try reader.int()
            },
            holds: { $0.embeddingDimension.map { dimensions.contains($0) } ?? true }),
        OptionEntry(
            key: "hidden_units", range: "a list of at most 64 sizes from 1 to 65536",
            about: "The hidden layers' widths.", values: OptionEntry.values("ints", widths) + [("most", 64)],
            isRead: { $0.hasHiddenLayers },
            read: { .array($0.hiddenUnits.map { .number(Double($0)) }) },
            write: { (options, reader) throws(CTRError) in options.hiddenUnits = try reader.ints() },
            holds: { $0.hiddenUnits.count <= 64 && $0.hiddenUnits.allSatisfy { widths.contains($0) } }),
        .whole("cross_layers", \.crossLayers, 1...16, "Layers of the cross network.").only { $0.hasCrossLayers },
        .whole(
            "numeric_bins", \.numericBins, 1...1024,
            "A number's quantile bins, at most; 1 makes it one input, scaled by its least and its greatest value."),
        .flag(
            "bin_embeddings", \.binEmbeddings,
            "Whether a number with modes has an embedding of its bins beside its piecewise-linear encoding."
        ).only { $0.hasBinEmbeddings },
        .number(
            "dropout", \.dropout, 0...largestDropout, "at least 0 and below 1, in single precision too",
            "The share of each hidden layer's units dropped in training.", type: "share"
        ).only { $0.hasHiddenLayers },
    ]

    private static let optimizing: [OptionEntry] = [
        .choice("wide_optimizer", \.wideOptimizer, "Of the weights of ids and crosses.").only { $0.isLinear },
        .choice("deep_optimizer", \.deepOptimizer, "Of embeddings and layers.").only { $0.hasDeepPart },
        .number(
            "wide_learning_rate", \.wideLearningRate, rateRange, "from 1e-20 to 3.4e38",
            "Of the wide optimiser, and the intercept's."),
        .number(
            "deep_learning_rate", \.deepLearningRate, rateRange, "from 1e-20 to 3.4e38", "Of the deep optimiser."
        ).only { $0.hasDeepPart },
        .number(
            "l1", \.l1, penaltyRange, "from 0 to 1e20", "FTRL-Proximal's λ1 for the weights of ids and crosses."
        ).only { $0.isLinear },
        .number(
            "l2", \.l2, penaltyRange, "from 0 to 1e20",
            "Strength of a Gaussian prior of mean 0 on the weights of ids and crosses: 1 / C of scikit-learn's LR."
        ).only { $0.isLinear },
    ]

    private static let training: [OptionEntry] = [
        .whole("batch_size", \.batchSize, 1...1_048_576, "Rows a step."),
        .whole("epochs", \.epochs, 1...1_000_000, "At most."),
        .flag(
            "early_stopping", \.earlyStopping,
            "Whether to hold validation_fraction of the rows out, stop after patience epochs without a better log loss "
                + "there, and take the best epoch's weights."),
        .whole("patience", \.patience, 1...1_000_000, "Epochs without improvement after which to stop."),
        .flag(
            "refit", \.refit,
            "Whether to train on all rows then, for the best number of epochs: every model but the first, or where that "
                + "is the only one, that."),
        .number(
            "validation_fraction", \.validationFraction, 0...Double(1).nextDown, "at least 0 and below 1",
            "The share of rows that validates: the latest where there is a time, else stratified.", type: "share"),
        .whole(
            "members", \.members, 1...64,
            "Models of different seeds that answer together, by their mean logit: better and better calibrated, for so "
                + "many times the training and prediction."),
        .whole(
            "min_count", \.minimumCount, minimumCounts,
            "A category seen less often shares the unknown id's embedding; a weight of ids it has of its own.",
            text: "1 or more"
        ).only { $0.hasDeepPart },
        OptionEntry(
            key: "class_weight", range: "null, \"balanced\" or two numbers, each 0 or from 1e-20 to 1e20",
            about: "What rows labelled 0 and 1 weigh.",
            read: { options in
                switch options.classWeight {
                case nil: .null
                case .balanced: "balanced"
                case .weights(let negative, let positive): [.number(negative), .number(positive)]
                }
            },
            write: { (options, reader) throws(CTRError) in options.classWeight = try reader.classWeight() },
            holds: { options in
                guard case .weights(let negative, let positive) = options.classWeight else { return true }
                return [negative, positive].allSatisfy { $0 == 0 || classWeightRange.contains($0) }
            }),
    ]

    private static let running: [OptionEntry] = [
        .whole(
            "n_jobs", \.threads, 0...1024, "Threads; 0 takes every processor. Results don't depend on it.",
            text: "from 0 (all processors) to 1024"),
        OptionEntry(
            key: "random_state", range: "from 0 to 9007199254740991", about: "The seed.",
            read: { .number(Double($0.seed)) },
            write: { (options, reader) throws(CTRError) in
                let number = try reader.int()
                guard number >= 0 else { throw reader.error("0 or more") }
                options.seed = UInt64(number)
            },
            // The model file holds it as a JSON number, which is a double.
            holds: { $0.seed < 1 << 53 }),
    ]
}
