@_exported import CTRFeatures
import CTRNetwork

/// How a model is built and trained. Every value has a default; what is out of its range, ``CTRModel`` refuses.
///
/// ```swift
/// var options = ModelOptions()
/// options.crosses = [["section", "device"]]
/// options.hiddenUnits = [64, 32]
/// options.members = 1
/// let model = try CTRModel(options)
/// ```
public struct ModelOptions: Sendable, Equatable {
    /// Which part of Wide & Deep there is: the paper's ablations are `wide` and `deep`.
    ///
    /// ```swift
    /// for part in ModelOptions.Part.allCases {
    ///     var options = ModelOptions()
    ///     options.part = part
    ///     let epochs = try CTRModel(options).train(log)
    ///     print(part, epochs.compactMap { $0.validation?.auc }.max() ?? .nan)
    /// }
    /// ```
    public enum Part: String, Sendable, CaseIterable {
        /// Both.
        case wideDeep = "wide_deep"
        /// The linear part alone.
        case wide
        /// Embeddings and layers alone.
        case deep
    }

    /// How weights follow their gradients.
    ///
    /// ```swift
    /// var options = ModelOptions()
    /// options.deepOptimizer = .adam
    /// options.deepLearningRate = 0.001
    /// ```
    public enum OptimizerName: String, Sendable, CaseIterable {
        /// FTRL-Proximal (McMahan et al., 2013): a rate for each weight, and exactly 0 for those that `l1` outweighs.
        case ftrl
        /// AdaGrad (Duchi et al., 2011): a rate for each weight, which falls with the gradients that it has had.
        case adagrad
        /// Adam (Kingma and Ba, 2015): steps by running means of the gradient and of its square.
        case adam

        /// Floats that it keeps of each weight.
        var states: Int { self == .adagrad ? 1 : 2 }
    }

    /// What rows labelled 0 and 1 weigh in training.
    ///
    /// ```swift
    /// var options = ModelOptions()
    /// options.classWeight = .weights(1, 5)  // a click counts as five rows
    /// ```
    public enum ClassWeight: Sendable, Equatable {
        /// Both classes weigh the same in all.
        case balanced
        /// The weight of a row labelled 0, and of one labelled 1.
        case weights(Double, Double)
    }

    /// The architecture.
    public var model = ModelName.wideDeep
    /// Which part of Wide & Deep there is.
    public var part = Part.wideDeep
    /// The schema; nil takes every column of the table but label, weight, time and replay.
    public var features: [FeatureSpec]?
    /// Combinations of features that have a weight of their own, by the features' names; nil has Wide & Deep find them.
    public var crosses: [[String]]?
    /// The column of the label, 0 or 1.
    public var label = "label"
    /// The column of the rows' weights; nil counts every row once.
    public var weight: String?
    /// The column of the time, by which the latest rows validate; nil draws them.
    public var time: String?
    /// The column that marks, by 1, rows of earlier trainings among those of a continued one: they keep what they taught
    /// from being forgotten, are not counted again, and are visited once an epoch where new rows are eight times.
    public var replay: String?

    /// Width of every embedding; nil chooses it by the size of each vocabulary.
    public var embeddingDimension: Int?
    /// Widths of the hidden layers, the first one first.
    public var hiddenUnits = [128, 64, 32]
    /// Layers of a cross network.
    public var crossLayers = 3
    /// A number's quantile bins, at most; 1 makes it one input, scaled to 0...1 between its least and its greatest value.
    public var numericBins = NumericBins.maximumBins
    /// Whether the bins of a number with modes have an embedding beside their piecewise-linear encoding.
    public var binEmbeddings = true
    /// The share of each hidden layer's units dropped in training, 0..<1.
    public var dropout = 0.1

    /// Of the weights of ids and crosses.
    public var wideOptimizer = OptimizerName.ftrl
    /// Of embeddings and layers.
    public var deepOptimizer = OptimizerName.adagrad
    /// Of the wide optimiser.
    public var wideLearningRate = 0.5
    /// Of the deep optimiser.
    public var deepLearningRate = 0.1
    /// Of the wide part: FTRL-Proximal's λ1 on the summed loss.
    public var l1 = 0.0
    /// Of the wide part: the strength of a Gaussian prior of mean 0 on each weight, so that l2 / 2 · w² counts against
    /// the summed loss of all rows once; scikit-learn's logistic regression calls 1 / l2 its C. Beside a deep part it
    /// is stronger for a feature's frequent ids.
    public var l2 = 2.0

    /// Rows a step.
    public var batchSize = 128
    /// Passes over the rows, at most.
    public var epochs = 30
    /// Stop when the validation log loss has not improved for `patience` epochs, and take the best epoch's weights.
    public var earlyStopping = true
    /// Epochs without improvement after which to stop.
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
    /// What rows labelled 0 and 1 weigh; nil weighs them alike, which keeps probabilities calibrated.
    public var classWeight: ClassWeight?
    /// Threads; 0 takes every processor. Results do not depend on it.
    public var threads = 0
    /// Of all that is drawn: weights to begin with, the order of rows, dropout. Below 2^53.
    public var seed: UInt64 = 0

    /// The defaults.
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
        shaped.crossLayers = made.crossLayers
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
        for entry in Self.entries where !entry.holds(self) {
            throw .invalidArgument("\(entry.key) = \(entry.read(self).text); it must be \(entry.range)")
        }
        try checkFeatures()
        try checkModel()
    }

    /// What a model does not read is what it is by default: else it would be passed over.
    private func checkModel() throws(CTRError) {
        let traits = architecture.traits
        let usual = ModelOptions()
        for entry in Self.entries where !entry.isRead(traits) {
            let value = entry.read(self)
            if value == entry.read(usual) || (entry.key == "crosses" && crosses == []) { continue }
            throw .invalidArgument(
                "\(entry.key) = \(value.text), which model \"\(model.rawValue)\" does not read; leave it out")
        }
        for feature in features ?? [] {
            if feature.part == .wide && !traits.isLinear || feature.part == .deep && !traits.hasDeepPart {
                throw .invalidArgument(
                    "feature '\(feature.name)': part = \"\(feature.part.rawValue)\", which model "
                        + "\"\(model.rawValue)\" does not have")
            }
        }
    }

    /// Whether an inferred schema gives the linear part every feature.
    var isLinearComplete: Bool { part == .wide || architecture.traits.sharesFeatures }

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
