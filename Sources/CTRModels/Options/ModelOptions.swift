@_exported import CTRFeatures
import CTRNetwork

/// How a model is built and trained. Every value has a default; `validate` says what is out of range.
public struct ModelOptions: Sendable, Equatable {
    /// Which part of the model there is: the paper's ablations are `wide` and `deep`.
    public enum Part: String, Sendable, CaseIterable {
        case wideDeep = "wide_deep"
        case wide
        case deep
    }

    public enum OptimizerName: String, Sendable, CaseIterable {
        case ftrl
        case adagrad
        case adam
    }

    public enum ClassWeight: Sendable, Equatable {
        /// Both classes weigh the same in all.
        case balanced
        /// The weight of a row labelled 0, and of one labelled 1.
        case weights(Double, Double)
    }

    public var model = ModelName.wideDeep
    /// Of Wide & Deep.
    public var part = Part.wideDeep
    /// The schema; nil takes every column of the table but label, weight, time and replay.
    public var features: [FeatureSpec]?
    /// Crosses of the wide part, by the names of their features; nil has `CrossSearch` find them.
    public var crosses: [[String]]?
    /// The table's columns that hold the label, and where there are any the row weight and the time.
    public var label = "label"
    public var weight: String?
    public var time: String?
    /// The column that marks, by 1, rows of earlier trainings among those of a continued one: they keep what they taught
    /// from being forgotten, are not counted again, and are visited once an epoch where new rows are
    /// `TrainingSet.newRowVisits` times.
    public var replay: String?

    /// Width of every embedding; nil chooses it by the size of each vocabulary.
    public var embeddingDimension: Int?
    public var hiddenUnits = [128, 64, 32]
    /// A number's quantile bins, at most; 1 makes it one input, scaled to 0...1 between its least and its greatest value.
    public var numericBins = NumericBins.maximumBins
    /// Whether the bins of a number with modes have an embedding beside their piecewise-linear encoding.
    public var binEmbeddings = true
    /// The share of each hidden layer's units dropped in training, 0..<1.
    public var dropout = 0.1

    public var wideOptimizer = OptimizerName.ftrl
    public var deepOptimizer = OptimizerName.adagrad
    public var wideLearningRate = 0.5
    public var deepLearningRate = 0.1
    /// Of the wide part: FTRL-Proximal's λ1 on the summed loss.
    public var l1 = 0.0
    /// Of the wide part: the strength of a Gaussian prior of mean 0 on each weight, so that l2 / 2 · w² counts against
    /// the summed loss of all rows once; scikit-learn's logistic regression calls 1 / l2 its C. Beside a deep part it
    /// is stronger for a feature's frequent ids (`FTRL`).
    public var l2 = 2.0

    public var batchSize = 128
    public var epochs = 30
    /// Stop when the validation log loss has not improved for `patience` epochs, and take the best epoch's weights.
    public var earlyStopping = true
    public var patience = 3
    /// After early stopping in a first training, train on all rows, the validation part's too, for the best number of
    /// epochs: every member but the first, or where that is the only one, that, from the same start.
    public var refit = true
    /// The share of the rows held out for validation, 0..<1: the latest where there is a time, else stratified.
    public var validationFraction = 0.1
    /// How many models of the same options, from different seeds, answer together by their mean logit. With early
    /// stopping and `refit` the first one is that which stopped early, and the others are trained on all rows.
    public var members = 3
    /// A category seen less often shares the unknown id's embedding, which learns from these what to make of a category
    /// never seen. The wide part has a weight for each.
    public var minimumCount = 3
    public var classWeight: ClassWeight?
    /// Threads; 0 takes every processor. Results do not depend on it.
    public var threads = 0
    /// Below 2^53.
    public var seed: UInt64 = 0

    public init() {}

    /// Outside these, single precision loses the number, or what is computed with it. 0 is fine for all but rates.
    static let rateRange = 1e-20...Double(Float.greatestFiniteMagnitude)
    static let penaltyRange = 0...1e20
    static let classWeightRange = 1e-20...1e20
    static let largestDropout = Double(Float(1).nextDown)

    /// These, for a model that is made as others say.
    package func shaped(as made: ModelOptions) -> ModelOptions {
        var shaped = self
        shaped.model = made.model
        shaped.part = made.part
        shaped.features = made.features
        shaped.crosses = made.crosses
        shaped.hiddenUnits = made.hiddenUnits
        shaped.embeddingDimension = made.embeddingDimension
        shaped.numericBins = made.numericBins
        shaped.binEmbeddings = made.binEmbeddings
        shaped.members = made.members
        shaped.minimumCount = made.minimumCount
        return shaped
    }

    package static let minimumCounts = 1...1_000_000_000

    /// Those of a model file may be older than a range: they are moved into it.
    mutating func moveIntoRanges() {
        func moved(_ value: Double, _ range: ClosedRange<Double>) -> Double {
            min(max(value, range.lowerBound), range.upperBound)
        }
        // What never was allowed stays, to be refused.
        if dropout < 1 { dropout = min(dropout, Self.largestDropout) }
        if wideLearningRate > 0 { wideLearningRate = moved(wideLearningRate, Self.rateRange) }
        if deepLearningRate > 0 { deepLearningRate = moved(deepLearningRate, Self.rateRange) }
        if l1 > 0 { l1 = moved(l1, Self.penaltyRange) }
        if l2 > 0 { l2 = moved(l2, Self.penaltyRange) }
        if case .weights(let negative, let positive) = classWeight {
            classWeight = .weights(
                negative > 0 ? moved(negative, Self.classWeightRange) : negative,
                positive > 0 ? moved(positive, Self.classWeightRange) : positive)
        }
    }

    package func validate() throws(CTRError) {
        func check(_ holds: Bool, _ name: String, _ value: Any, _ range: String) throws(CTRError) {
            if !holds { throw .invalidArgument("\(name) = \(value); it must be \(range)") }
        }
        if let dimension = embeddingDimension {
            try check((1...4096).contains(dimension), "embedding_dim", dimension, "from 1 to 4096, or null")
        }
        try check(
            hiddenUnits.allSatisfy { (1...65536).contains($0) }, "hidden_units", hiddenUnits,
            "a list of sizes from 1 to 65536")
        try check(hiddenUnits.count <= 64, "hidden_units", hiddenUnits, "at most 64 layers")
        try check((1...1024).contains(numericBins), "numeric_bins", numericBins, "from 1 to 1024")
        try check(
            (0...Self.largestDropout).contains(dropout), "dropout", dropout,
            "at least 0 and below 1, in single precision too")
        for (name, rate) in [("wide_learning_rate", wideLearningRate), ("deep_learning_rate", deepLearningRate)] {
            try check(Self.rateRange.contains(rate), name, rate, "from 1e-20 to 3.4e38")
        }
        try check(Self.penaltyRange.contains(l1), "l1", l1, "from 0 to 1e20")
        try check(Self.penaltyRange.contains(l2), "l2", l2, "from 0 to 1e20")
        try check((1...1_048_576).contains(batchSize), "batch_size", batchSize, "from 1 to 1048576")
        try check((1...1_000_000).contains(epochs), "epochs", epochs, "from 1 to 1000000")
        try check((1...1_000_000).contains(patience), "patience", patience, "from 1 to 1000000")
        try check(
            validationFraction >= 0 && validationFraction < 1, "validation_fraction", validationFraction,
            "at least 0 and below 1")
        try check((1...64).contains(members), "members", members, "from 1 to 64")
        try check(Self.minimumCounts.contains(minimumCount), "min_count", minimumCount, "1 or more")
        try check((0...1024).contains(threads), "n_jobs", threads, "from 0 (all processors) to 1024")
        if case .weights(let negative, let positive) = classWeight {
            let areInRange = [negative, positive].allSatisfy { $0 == 0 || Self.classWeightRange.contains($0) }
            try check(areInRange, "class_weight", [negative, positive], "two numbers, each 0 or from 1e-20 to 1e20")
        }
        // The model file holds it as a JSON number, which is a double.
        try check(seed < 1 << 53, "random_state", seed, "from 0 to 9007199254740991")
        try checkFeatures()
    }

    private func checkFeatures() throws(CTRError) {
        guard let features else { return }
        if features.isEmpty { throw .invalidArgument("features is empty; name at least one, or give null for all") }
        var seen = Set<ExactText>()
        for feature in features {
            guard seen.insert(ExactText(feature.name)).inserted else {
                throw .invalidArgument("feature '\(feature.name)' stands twice; give each its own name")
            }
            guard feature.columns.count == 1 || (feature.kind == .multi && !feature.columns.isEmpty) else {
                throw .invalidArgument(
                    "feature '\(feature.name)' names \(feature.columns.count) columns; only a multi feature takes several"
                )
            }
        }
    }
}
