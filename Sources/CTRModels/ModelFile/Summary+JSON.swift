import CTRFeatures

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

    init(json: JSON) {
        // Training counts on from these: bounded, so that no file makes it overflow.
        let count = { (key: String) in min(max(json[key]?.intValue ?? 0, 0), 1 << 53) }
        rows = count("rows")
        clickRate = json["click_rate"]?.doubleValue ?? 0
        steps = count("steps")
        bestEpoch = count("best_epoch")
        history = (json["history"]?.arrayValue ?? []).map { EpochRecord(json: $0) }
        crosses = (json["crosses_found"]?.arrayValue ?? []).map { CrossSearch.Found(json: $0) }
        divergence = json["divergence"]?.stringValue
        importances = (json["importances"]?.objectValue ?? []).map { ($0.key, $0.value.doubleValue ?? .nan) }
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

    init(json: JSON) {
        let number = { (key: String) in json[key]?.doubleValue ?? .nan }
        self.init(
            epoch: json["epoch"]?.intValue ?? 0, trainLogLoss: number("train_log_loss"),
            trainAUC: number("train_auc"), validation: nil, seconds: number("seconds"),
            rowsPerSecond: number("rows_per_second"))
        guard json["validation_log_loss"] != nil else { return }
        var metrics = Metrics(labels: [], probabilities: [])
        metrics.logLoss = number("validation_log_loss")
        metrics.auc = number("validation_auc")
        metrics.accuracy = number("validation_accuracy")
        metrics.precision = number("validation_precision")
        metrics.recall = number("validation_recall")
        metrics.f1 = number("validation_f1")
        metrics.calibration = number("validation_calibration")
        metrics.calibrationError = number("validation_calibration_error")
        validation = metrics
    }
}
