import CTRFeatures
import CTRNetwork

/// What the file and `info` say of a training. A value that is missing reads as its default: it is told, not used.
extension FittedModel.Summary {
    var json: JSON {
        var members: [(key: String, value: JSON)] = [
            ("rows", .number(Double(rows))),
            ("click_rate", .number(clickRate)),
            ("steps", .number(Double(steps))),
            ("best_epoch", .number(Double(bestEpoch))),
            ("history", .array(history.map(\.json))),
            ("crosses_found", .array(crosses.map(\.json))),
            ("importances", .object(importances.map { ($0.feature, .number($0.increase)) })),
        ]
        if let divergence { members.append(("divergence", .string(divergence))) }
        return .object(members)
    }

    /// `features`: the names of the model's.
    init(json: JSON, features: [String]) throws(CTRError) {
        let owner = "summary"
        // Training counts on from these: bounded, so that no file makes it overflow.
        func count(_ key: String) throws(CTRError) -> Int {
            json[key] == nil ? 0 : try json.whole(key, in: 0...Tally.most, clamped: true, of: owner)
        }
        rows = try count("rows")
        let rate = try json.number("click_rate", of: owner)
        clickRate = rate.isNaN ? 0 : min(max(rate, 0), 1)
        steps = try count("steps")
        bestEpoch = try count("best_epoch")
        for record in try json.array("history", of: owner) { history.append(try EpochRecord(json: record)) }
        if json["divergence"] != nil { divergence = try json.string("divergence", of: owner) }
        let known = Set(features.map { ExactText($0) })
        func check(_ name: String, _ key: String) throws(CTRError) {
            guard known.contains(ExactText(name)) else {
                throw .badModelFile("\(owner): \(key) names '\(name)', which is none of the file's features")
            }
        }
        for found in try json.array("crosses_found", of: owner) {
            let cross = try CrossSearch.Found(json: found)
            for name in cross.features { try check(name, "crosses_found") }
            crosses.append(cross)
        }
        let measured = json["importances"] ?? .object([])
        guard let entries = measured.objectValue else { throw json.wrong("importances", "an object", of: owner) }
        for (name, increase) in entries {
            try check(name, "importances")
            guard increase.isNull || increase.doubleValue != nil else {
                throw json.wrong("importances", "an object of numbers", of: owner)
            }
            importances.append((name, increase.doubleValue ?? .nan))
        }
    }
}

extension EpochRecord {
    var json: JSON {
        var members: [(key: String, value: JSON)] = [
            ("epoch", .number(Double(epoch))), ("train_log_loss", .number(trainLogLoss)),
            ("train_auc", .number(trainAUC)),
        ]
        if let validation {
            members += [
                ("validation_log_loss", .number(validation.logLoss)), ("validation_auc", .number(validation.auc)),
                ("validation_accuracy", .number(validation.accuracy)),
                ("validation_precision", .number(validation.precision)),
                ("validation_recall", .number(validation.recall)), ("validation_f1", .number(validation.f1)),
                ("validation_calibration", .number(validation.calibration)),
                ("validation_calibration_error", .number(validation.calibrationError)),
            ]
        }
        members += [("seconds", .number(seconds)), ("rows_per_second", .number(rowsPerSecond))]
        return .object(members)
    }

    init(json: JSON) throws(CTRError) {
        func number(_ key: String) throws(CTRError) -> Double { try json.number(key, of: "history") }
        self.init(
            epoch: try json.whole("epoch", in: 0...Tally.most, clamped: true, of: "history"),
            trainLogLoss: try number("train_log_loss"), trainAUC: try number("train_auc"), validation: nil,
            seconds: try number("seconds"), rowsPerSecond: try number("rows_per_second"))
        guard json["validation_log_loss"] != nil else { return }
        var metrics = Metrics(labels: [], probabilities: [])
        metrics.logLoss = try number("validation_log_loss")
        metrics.auc = try number("validation_auc")
        metrics.accuracy = try number("validation_accuracy")
        metrics.precision = try number("validation_precision")
        metrics.recall = try number("validation_recall")
        metrics.f1 = try number("validation_f1")
        metrics.calibration = try number("validation_calibration")
        metrics.calibrationError = try number("validation_calibration_error")
        validation = metrics
    }
}
