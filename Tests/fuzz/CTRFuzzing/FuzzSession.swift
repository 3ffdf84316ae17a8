import CCTRModels
import CTRModels
import Glibc

/// Models and what was last made, and the calls that a fuzzer's bytes make with them.
struct FuzzSession {
    var input: FuzzInput
    var models: [FuzzModel?] = [nil, nil]
    /// The last bytes of a model file.
    var file: [UInt8] = []
    /// What the last training was of.
    var table: FuzzBatch?

    init(_ input: FuzzInput) { self.input = input }

    mutating func run() {
        for _ in 0..<24 where !input.isAtEnd {
            let slot = input.choice(models.count)
            guard let model = models[slot] else {
                models[slot] = made()
                continue
            }
            call(model, slot)
        }
    }

    private mutating func made() -> FuzzModel? {
        if input.rarely(4), !file.isEmpty {
            if input.rarely(4) {
                file[file.count - 1 - input.choice(min(256, file.count))] ^= 1 << UInt8(input.choice(8))
            }
            return FuzzModel { ctr_model_deserialize(file, file.count, $0) }
        }
        let options = options(whole: true)
        return FuzzModel { ctr_model_create(options, $0) }
    }

    private mutating func call(_ model: FuzzModel, _ slot: Int) {
        switch input.choice(16) {
        case 0, 1: train(model, further: false)
        case 2: train(model, further: true)
        case 3, 4: predict(model)
        case 5: predictImpression(model)
        case 6: explain(model)
        case 7: setHistory(model)
        case 8: changing(model) { ctr_model_extend_history($0.handle, $1.schema, $1.array) }
        case 9:
            let options = options(whole: false)
            keeping(model) { ctr_model_set_options(model.handle, options) }
        case 10: setMetadata(model)
        case 11: roundTrip(model)
        case 12: throughFile(model)
        case 13: extract(model)
        case 14:
            if let info = model.info() { checkJSON(info) }
        default:
            if input.rarely(2) {
                FuzzModel.worked(ctr_model_reset(model.handle))
                if model.isTrained { finding("trained after a reset") }
            } else {
                models[slot] = nil
            }
        }
    }

    func checkJSON(_ bytes: [UInt8]) {
        let text = String(decoding: bytes.dropLast(), as: UTF8.self)
        if bytes.last != 0 || (try? JSON(parsing: text)) == nil { finding("no JSON: \(text)") }
    }

    /// A call that failed left the model as it was.
    func unchanged(_ model: FuzzModel, _ call: () -> Int32) -> Bool {
        let before = model.isTrained ? model.bytes() : model.info()
        if FuzzModel.worked(call()) { return true }
        if (model.isTrained ? model.bytes() : model.info()) != before {
            finding("a call that failed changed the model")
        }
        return false
    }

    /// Options of a small model, of which any may be odd.
    private mutating func options(whole: Bool) -> [CChar] {
        var members: [(key: String, value: JSON)] = []
        if whole {
            members = [("members", .number(Double(1 + input.choice(2)))), ("hidden_units", [4]), ("epochs", 1)]
        }
        for _ in 0..<input.choice(4) {
            let (key, values) = input.of(Self.odd)
            members.removeAll { $0.key == key }
            members.append((key, input.of(values)))
        }
        return JSON.object(members).text.utf8.map { CChar(bitPattern: $0) } + [0]
    }

    /// Values that a training takes at most milliseconds with, or that are refused.
    private static let odd: [(String, [JSON])] = [
        ("part", ["wide", "deep", "wide_deep", "none"]),
        ("crosses", ["auto", [], [["c0", "c1"]], [["c0", "c9"]], [[]]]),
        (
            "features",
            [nil, [["name": "c0", "kind": "categorical"]], [["name": "x", "kind": "multi", "columns": ["c2"]]], []]
        ),
        ("weight", [nil, "weight", "c0", ""]), ("time", [nil, "c1", "c0"]), ("replay", [nil, "c3", "c1"]),
        ("label", ["label", "c1", ""]), ("embedding_dim", [nil, 1, 2, 8, 0, 4097]),
        ("hidden_units", [[4], [], [1], [3, 2], [0]]), ("numeric_bins", [1, 2, 64, 0]),
        ("bin_embeddings", [true, false]),
        ("dropout", [0, 0.5, 0.999999, 1]), ("wide_optimizer", ["ftrl", "adagrad", "adam"]),
        ("deep_optimizer", ["ftrl", "adagrad", "adam"]), ("wide_learning_rate", [0.5, 1e-45, 1e30, 0, 3e38]),
        ("deep_learning_rate", [0.1, 1e-45, 1e30, -1, 3e38, 100]), ("l1", [0, 1, 1e308]), ("l2", [0, 1, 1e308, 1e30]),
        ("batch_size", [1, 4, 128, 1_048_576]), ("epochs", [1, 2, 3, 0]), ("early_stopping", [true, false]),
        ("patience", [1, 3]), ("refit", [true, false]), ("validation_fraction", [0, 0.1, 0.5, 0.999]),
        ("members", [1, 2, 3]), ("min_count", [1, 2, 1_000_000_000]),
        ("class_weight", [nil, "balanced", [0, 1], [0, 0], [1e308, 1e308], [1e-300, 1]]), ("n_jobs", [1, 2, 0, 3]),
        ("random_state", [0, 1, 9_007_199_254_740_991]),
    ]
}
