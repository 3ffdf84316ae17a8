import CTRKernels
import CTRTestSupport

@testable import CTRModels
@testable import CTRNetwork

/// A small model of two members with every kind of feature, trained on, so that each of its parts has been used: what
/// tests of the model file alter.
struct MadeModel {
    /// Columns c (few categories), h (hashed), l (lists), m (a number with modes), x (a number), label.
    static func table(rows: Int = 60, seed: UInt64 = 1) throws(CTRError) -> Table {
        var stream = RandomStream(seed: seed)
        var (few, hashed, lists): ([String], [String], [[String]]) = ([], [], [])
        var (modes, numbers, labels): ([Double], [Double], [Double]) = ([], [], [])
        for row in 0..<rows {
            few.append("v\(stream.nextIndex(below: 5))")
            hashed.append("w\(stream.nextIndex(below: 40))")
            lists.append((0..<stream.nextIndex(below: 4)).map { _ in "t\(stream.nextIndex(below: 6))" })
            modes.append(row % 3 == 0 ? 0 : Double(stream.nextFloat()))
            numbers.append(row % 17 == 5 ? .nan : Double(stream.nextFloat()) * 10)
            labels.append(stream.nextFloat() < 0.4 ? 1 : 0)
        }
        return try Table([
            ("c", .text(few)), ("h", .text(hashed)), ("l", .lists(lists)), ("m", .numeric(modes)),
            ("x", .numeric(numbers)), ("label", .numeric(labels)),
        ])
    }

    static func options() -> ModelOptions {
        var options = ModelOptions()
        options.features = [
            FeatureSpec("c", .categorical), FeatureSpec("h", .categorical), FeatureSpec("l", .multi),
            FeatureSpec("m", .numeric), FeatureSpec("x", .numeric, part: .deep),
        ]
        (options.crosses, options.hiddenUnits, options.members) = ([["c", "m"]], [9, 3], 2)
        (options.epochs, options.threads, options.numericBins) = (1, 1, 8)
        return options
    }

    /// Of `options()`, whatever they are; h is hashed into 8 rows.
    static func model(_ options: ModelOptions = options()) throws(CTRError) -> CTRModel {
        let table = try table()
        let fitted = try FeatureEncoder(
            fitting: table, specs: options.features ?? [], crosses: options.crosses ?? [],
            numericBins: options.numericBins)
        let states = fitted.features.map { feature -> (FeatureSpec, FeatureEncoder.State) in
            (feature.spec, feature.spec.name == "h" ? .categorical(Vocabulary(hashedInto: 8)) : feature.state)
        }
        let encoder = try FeatureEncoder(
            features: states, crosses: fitted.crosses.map { ($0.name, $0.members, $0.vocabulary) })
        var members: [Network] = []
        for member in 0..<options.members {
            members.append(
                try Network(Blueprint(ModelInputs(encoder, options))) {
                    Parameter($0, states: options.optimizer(of: $0.role).states, seed: UInt64(member))
                })
        }
        var history = ImpressionHistory()
        let counts = [ClickHistory.Counts(clicks: 1, impressions: 3), ClickHistory.Counts(clicks: 2, impressions: 2)]
        history.queries = ClickHistory(names: StringTable(["q", "r"]), counts: counts) ?? ClickHistory()
        history.documents = ClickHistory(names: StringTable(["1", "2"]), counts: counts) ?? ClickHistory()
        (history.mean, history.scale) = ([0.5], [2])
        var summary = FittedModel.Summary()
        summary.crosses = [CrossSearch.Found(features: ["c", "m"], gain: 0.1)]
        let model = CTRModel(
            fitted: FittedModel(
                options: options, encoder: encoder, ensemble: Ensemble(members), summary: summary, impressions: history,
                metadata: "kept"))
        try model.continueTraining(table)
        return model
    }
}
