import CTRFeatures
import CTRKernels
import CTRModels

/// A model file's bytes: what decodes predicts, explains, trains on, and is written and read again.
package enum ModelFileFuzz {
    package static func run(_ bytes: UnsafeRawBufferPointer) {
        guard let model = try? CTRModel(bytes: Array(bytes)) else { return }
        do throws(CTRError) {
            let saved = try saveAndLoad(model)
            // A wrong table for this model is an error, and so are weights too large to add up.
            guard let fitted = model.fitted, let table = try? table(for: fitted.encoder) else { return }
            guard let probabilities = try? model.predict(table) else { return }
            for probability in probabilities where !(0...1).contains(probability) {
                finding("a prediction is \(probability)")
            }
            if try saved.predict(table).map(\.bitPattern) != probabilities.map(\.bitPattern) {
                finding("a model read again predicts otherwise")
            }
            _ = try? model.explain(table)
            guard isSmall(fitted) else { return }
            try model.changeOptions(json: #"{"epochs": 1, "batch_size": 4, "n_jobs": 1, "early_stopping": false}"#)
            guard (try? model.continueTraining(table)) != nil else { return }
            try saveAndLoad(model)
        } catch {
            finding("a model that loads cannot be used: \(error.message)")
        }
    }

    package static func mutate(
        _ bytes: [UInt8], atMost limit: Int, seed: UInt64, plainly: ([UInt8], Int) -> [UInt8]
    ) -> [UInt8] {
        withoutActuallyEscaping(plainly) { plainly in
            ModelFileMutation.apply(to: bytes, atMost: limit, seed: seed, plainly: plainly)
        } ?? plainly(bytes, limit)
    }

    @discardableResult
    private static func saveAndLoad(_ model: CTRModel) throws(CTRError) -> CTRModel {
        let bytes = try model.serialize()
        let again = try CTRModel(bytes: bytes)
        if try again.serialize() != bytes { finding("a file that is read and written again has changed") }
        return again
    }

    /// Whether a step of training takes a moment only.
    private static func isSmall(_ fitted: FittedModel) -> Bool {
        fitted.ensemble.parameters.reduce(0) { $0 + $1.block.weights.count } < 1 << 16
    }

    /// A few rows of the columns that the features read, with the label.
    private static func table(for encoder: FeatureEncoder) throws(CTRError) -> Table {
        var columns: [(String, Column)] = []
        var known = Set<ExactText>()
        for feature in encoder.features {
            for name in feature.spec.columns where known.insert(ExactText(name)).inserted {
                switch feature.state {
                case .numeric(let bins):
                    let values = [.nan, 0, -1e300] + bins.modes.prefix(1) + bins.edges.prefix(3) + [1e300, 0.5, 2, 3]
                    columns.append((name, .numeric(Array(values.prefix(8)))))
                case .categorical(let vocabulary), .multi(let vocabulary):
                    let texts = vocabulary.values.strings.prefix(3) + ["", "new", "v1", "t2", "w3", "5", "6", "7"]
                    columns.append((name, .text(texts.prefix(8).map(Optional.some))))
                }
            }
        }
        if known.insert(ExactText("label")).inserted {
            columns.append(("label", .numeric([0, 1, 0, 0, 1, 1, 0, 1])))
        }
        return try Table(columns.map { ($0, $1.count == 8 ? $1 : .numeric([0, 1, 2, 3, 4, 5, 6, 7])) })
    }
}
