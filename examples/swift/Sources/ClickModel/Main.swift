import CTRModels
import Foundation

/// swift run -c release --package-path examples/swift ClickModel [model file]
@main struct Main {
    static func main() throws {
        let log = try NewsLog(rows: 10_000, seed: 1).table()
        let later = NewsLog(rows: 10_000, seed: 2)

        // Every option has a default; this cross is what the wide part is to memorise. With nil it searches by itself.
        var options = ModelOptions()
        options.crosses = [["section", "device"]]
        let model = try CTRModel(options)
        let epochs = try model.train(log) { progress in
            if progress.rowsDone == progress.rows, let loss = progress.validationLogLoss {
                print("epoch \(progress.epoch): validation log loss \(rounded(loss))")
            }
            return true  // false would cancel the training, and leave the model as it was
        }
        print("\(epochs.count) epochs")

        let probabilities = try model.predict(later.table())
        let mean = probabilities.reduce(0, +) / Double(probabilities.count)
        let rate = later.clicks.reduce(0, +) / Double(later.clicks.count)
        print("10,000 later impressions: mean prediction \(rounded(mean)), click rate \(rounded(rate))")

        // A device that training never saw is not an error; it has the embedding of rare ones.
        let questions = try Table([
            ("section", .text(["money", "money", "money"])), ("device", .text(["laptop", "phone", "watch"])),
            ("hour", .numeric([9, 9, 9])),
        ])
        for (device, probability) in try zip(["laptop", "phone", "watch"], model.predict(questions)) {
            print("money on a \(device) at nine: \(rounded(probability))")
        }

        // A file without code, written beside and renamed. What it answers is the same to the bit.
        let path = CommandLine.arguments.dropFirst().first ?? "click.model"
        try model.save(to: path)
        let loaded = try CTRModel(path: path)
        let same = try loaded.predict(questions) == model.predict(questions)
        print("\(path): the loaded model answers \(same ? "the same" : "something else")")

        // bias + the wide part's weights + the deep part's logit = the logit of each prediction
        let explanations = try loaded.explain(questions)
        print("why the first: logit \(rounded(explanations[0].logit)) = bias \(rounded(explanations[0].bias))")
        for term in explanations[0].wide { print("  + \(rounded(term.weight)) \(term.feature)") }
        print("  + \(rounded(explanations[0].deep)) deep part")

        do {
            _ = try loaded.predict(Table([("section", .text(["money"]))]))
        } catch {
            print("an error names what is wrong: \(error)")
        }
    }

    static func rounded(_ number: some BinaryFloatingPoint) -> String { String(format: "%.3f", Double(number)) }
}
