import CCTRModels
import Glibc

extension FuzzSession {
    mutating func train(_ model: FuzzModel, further: Bool) {
        let batch = input.rarely(8) ? input.impressions() : input.table()
        let stop = FuzzStop(model: model, after: input.rarely(4) ? input.choice(4) : .max)
        let context = Unmanaged.passUnretained(stop).toOpaque()
        let call = further ? ctr_model_continue_training : ctr_model_train
        let worked = unchanged(model) { call(model.handle, batch.schema, batch.array, FuzzStop.progress, context) }
        if worked && stop.stopped { finding("a training that was cancelled worked") }
        guard worked else { return }
        if !model.isTrained { finding("untrained after a training") }
        table = batch
        roundTrip(model)
    }

    mutating func predict(_ model: FuzzModel) {
        let batch = (input.rarely(2) ? table : nil) ?? input.table()
        let answers = model.predict(batch)
        if input.rarely(4) {
            var room = [FuzzModel.sentinel]
            let count = input.integer()
            if count == batch.rows { return }
            if FuzzModel.worked(ctr_model_predict(model.handle, batch.schema, batch.array, &room, count)) {
                finding("\(count) answers for \(batch.rows) rows")
            }
            if room[0] != FuzzModel.sentinel { finding("a predict that failed wrote an answer") }
        }
        if let answers, model.predict(batch).map({ $0.map(\.bitPattern) }) != answers.map(\.bitPattern) {
            finding("asked twice, other answers")
        }
    }

    mutating func predictImpression(_ model: FuzzModel) {
        let (query, document, summary) = (input.text(), input.text(), input.text())
        let (queryEnds, summaryEnds) = (ends(query.count), ends(summary.count))
        var answer = FuzzModel.sentinel
        let worked = FuzzModel.worked(
            ctr_model_predict_ctr(
                model.handle, query + [0], query.count, queryEnds, queryEnds.count, document + [0], document.count,
                Int64(input.integer()), input.number(), summary + [0], summary.count, summaryEnds, summaryEnds.count,
                &answer))
        if worked ? !(0...1).contains(answer) : answer != FuzzModel.sentinel { finding("a probability of \(answer)") }
    }

    private mutating func ends(_ length: Int) -> [Int32] {
        if input.rarely(8) { return (0..<input.choice(4)).map { _ in Int32(truncatingIfNeeded: input.integer()) } }
        return (0..<input.choice(3)).map { _ in Int32(input.choice(length + 1)) }.sorted()
    }

    mutating func explain(_ model: FuzzModel) {
        let batch = (input.rarely(2) ? table : nil) ?? input.table()
        let (text, answers) = (model.explanation(batch), model.predict(batch))
        if (text == nil) != (answers == nil) { finding("a table is predicted, and not explained, or the other way") }
        if let text { checkJSON(text) }
    }

    mutating func setHistory(_ model: FuzzModel) {
        let count = input.rarely(8) ? input.integer() : input.of([0, 12, 1])
        let mean = (0..<64).map { _ in input.rarely(32) ? input.number() : 0 }
        let scale = (0..<64).map { _ in input.rarely(32) ? input.number() : 1 }
        changing(model) { ctr_model_set_history($0.handle, $1.schema, $1.array, mean, scale, count) }
    }

    /// A call with a click log.
    mutating func changing(_ model: FuzzModel, _ call: (FuzzModel, FuzzBatch) -> Int32) {
        let batch = input.log()
        if unchanged(model, { call(model, batch) }) { roundTrip(model) }
    }

    mutating func keeping(_ model: FuzzModel, _ call: () -> Int32) {
        let answers = table.flatMap { model.isTrained ? model.predict($0) : nil }
        _ = unchanged(model, call)
        let after = table.flatMap { model.isTrained ? model.predict($0) : nil }
        if after?.map(\.bitPattern) != answers?.map(\.bitPattern) { finding("options change what a model answers") }
    }

    mutating func setMetadata(_ model: FuzzModel) {
        let text = input.text()
        let length = input.rarely(8) ? min(input.integer(), text.count) : text.count
        if unchanged(model, { ctr_model_set_metadata(model.handle, text + [0], length) }) { roundTrip(model) }
    }

    mutating func extract(_ model: FuzzModel) {
        let batch = input.log()
        let count = batch.rows * Int(CTR_IMPRESSION_FEATURES)
        var features = [Double](repeating: FuzzModel.sentinel, count: count + 1)
        if FuzzModel.worked(
            ctr_model_extract_features(model.handle, batch.schema, batch.array, &features, batch.rows))
        {
            if !features.allSatisfy(\.isFinite) { finding("features that are not finite: \(features)") }
        } else if features.contains(where: { $0 != FuzzModel.sentinel }) {
            finding("a call that failed wrote features")
        }
        if features[count] != FuzzModel.sentinel { finding("features beyond their room") }
    }

    /// The model's bytes make the same model again.
    mutating func roundTrip(_ model: FuzzModel) {
        guard let bytes = model.bytes() else {
            if model.isTrained { finding("a trained model without a file") }
            return
        }
        file = bytes
        guard let again = FuzzModel({ ctr_model_deserialize(bytes, bytes.count, $0) }) else {
            finding("a file that was written is refused: \(String(cString: ctr_last_error()))")
        }
        if again.bytes() != bytes { finding("another file after loading") }
        guard let table else { return }
        if again.predict(table)?.map(\.bitPattern) != model.predict(table)?.map(\.bitPattern) {
            finding("other answers after loading")
        }
    }

    mutating func throughFile(_ model: FuzzModel) {
        let path = input.rarely(8) ? input.of(["", "/", "/nowhere/model", "/dev/null", "/proc/self/mem"]) : Self.path
        let saved = FuzzModel.worked(ctr_model_save(model.handle, path))
        let again = FuzzModel { ctr_model_load(path, $0) }
        if saved, again?.bytes() != model.bytes() { finding("saved, and another model loaded") }
    }

    private static let path = "\(access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp")/ctr-fuzz-\(getpid()).model"
}
