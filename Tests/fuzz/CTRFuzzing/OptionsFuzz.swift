import CTRModels

/// JSON options: parsed, a model made of them, and changed on a trained one.
package enum OptionsFuzz {
    package static func run(_ bytes: UnsafeRawBufferPointer) {
        guard let text = String(validating: bytes, as: UTF8.self) else { return }
        guard (try? JSON(parsing: text))?.objectValue != nil else {
            if (try? ModelOptions(json: text)) != nil { finding("options that are no JSON object: \(text)") }
            return
        }
        changeTrained(text)
        guard let options = try? ModelOptions(json: text) else { return }
        // What is taken is written as it was taken: a model file says the same.
        guard let again = try? ModelOptions(json: options.json.text), again == options else {
            finding("options that are taken read back as others: \(options.json.text)")
        }
        guard let model = try? CTRModel(options) else { finding("options are taken, and no model made of them") }
        if isSmall(options) { train(model) }
    }

    /// Of a trained model: whatever options it takes, it answers as before, and its file loads.
    private static func changeTrained(_ text: String) {
        do throws(CTRError) {
            let model = try CTRModel(bytes: trained.get())
            let before = try model.predict(table.get())
            guard (try? model.changeOptions(json: text)) != nil else {
                if try model.serialize() != trained.get() { finding("options that are refused changed the model") }
                return
            }
            var answers = [try model.predict(table.get())]
            answers.append(try CTRModel(bytes: model.serialize()).predict(table.get()))
            for after in answers where after.map(\.bitPattern) != before.map(\.bitPattern) {
                finding("options change what a trained model answers: \(before) \(after)")
            }
        } catch {
            finding("a trained model with other options: \(error.message)")
        }
    }

    private static func train(_ model: CTRModel) {
        do throws(CTRError) { try model.train(table.get()) } catch {
            if error.code == .internalError { finding(error.message) }
            return
        }
        do throws(CTRError) {
            let answers = try model.predict(table.get())
            for answer in answers where !(0...1).contains(answer) { finding("a probability of \(answer)") }
            let again = try CTRModel(bytes: model.serialize()).predict(table.get())
            if answers.map(\.bitPattern) != again.map(\.bitPattern) { finding("another model after loading") }
        } catch {
            finding("a model that was trained: \(error.message)")
        }
    }

    /// Trained in milliseconds.
    private static func isSmall(_ options: ModelOptions) -> Bool {
        options.members <= 2 && options.epochs <= 4 && options.hiddenUnits.reduce(0, +) <= 64
            && (options.embeddingDimension ?? 0) <= 64 && options.threads <= 2
    }

    private static let table = Result { () throws(CTRError) in
        let rows = Array(0..<40)
        return try Table([
            ("c0", .text(rows.map { "v\($0 % 5)" })), ("c1", .text(rows.map { "w\($0 % 3)" })),
            ("x0", .numeric(rows.map { Double($0 % 7) })), ("label", .numeric(rows.map { $0 % 3 == 0 ? 1 : 0 })),
        ])
    }

    private static let trained = Result { () throws(CTRError) in
        let model = try CTRModel(
            ModelOptions(json: #"{"members": 2, "hidden_units": [4], "epochs": 1, "crosses": [["c0", "c1"]]}"#))
        try model.train(table.get())
        return try model.serialize()
    }
}
