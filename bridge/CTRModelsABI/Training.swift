import CCTRModels
import CTRModels

@c @implementation
public func ctr_model_train(
    _ model: OpaquePointer!, _ schema: UnsafePointer<ArrowSchema>!, _ table: UnsafePointer<ArrowArray>!,
    _ progress: ctr_progress_callback!, _ context: UnsafeMutableRawPointer!
) -> Int32 {
    status { () throws(CTRError) in
        try fit(model, further: false, schema, table, callback(progress, context))
    }
}

@c @implementation
public func ctr_model_continue_training(
    _ model: OpaquePointer!, _ schema: UnsafePointer<ArrowSchema>!, _ table: UnsafePointer<ArrowArray>!,
    _ progress: ctr_progress_callback!, _ context: UnsafeMutableRawPointer!
) -> Int32 {
    status { () throws(CTRError) in
        try fit(model, further: true, schema, table, callback(progress, context))
    }
}

private func fit(
    _ model: OpaquePointer?, further: Bool, _ schema: UnsafePointer<ArrowSchema>?, _ table: UnsafePointer<ArrowArray>?,
    _ progress: CTRModel.Progress?
) throws(CTRError) {
    let model = try Handle.model(model)
    let borrowed = try borrowed(schema, table)
    try model.fit(further: further, progress: progress) { (interruption) throws(CTRError) in
        try model.read(borrowed, interruption: interruption)
    }
}

func callback(_ progress: ctr_progress_callback?, _ context: UnsafeMutableRawPointer?) -> CTRModel.Progress? {
    guard let progress else { return nil }
    return { state in
        var info = ctr_progress_info(
            epoch: Int32(clamping: state.epoch), epochs: Int32(clamping: state.epochs),
            rows_done: Int64(state.rowsDone), rows: Int64(state.rows), train_log_loss: state.trainLogLoss,
            validation_log_loss: state.validationLogLoss ?? .nan, validation_auc: state.validationAUC ?? .nan,
            seconds: state.seconds, member: Int32(clamping: state.member), members: Int32(clamping: state.members),
            is_refit: state.isRefit ? 1 : 0)
        return progress(&info, context) == 0
    }
}

@c @implementation
public func ctr_model_set_history(
    _ model: OpaquePointer!, _ schema: UnsafePointer<ArrowSchema>!, _ table: UnsafePointer<ArrowArray>!,
    _ mean: UnsafePointer<Double>!, _ scale: UnsafePointer<Double>!, _ n: Int
) -> Int32 {
    status { () throws(CTRError) in
        let model = try Handle.model(model)
        var means: [Double] = []
        var scales: [Double] = []
        if n != 0 {
            // Before a number is read: the caller's arrays are that long at most.
            guard (1...ImpressionFeatures.scaled).contains(n) else {
                throw .invalidArgument("n = \(n); from 0 to \(ImpressionFeatures.scaled) features are standardised")
            }
            means = Array(UnsafeBufferPointer(start: try required(mean, "mean"), count: n))
            scales = Array(UnsafeBufferPointer(start: try required(scale, "scale"), count: n))
        }
        try model.setHistory(model.read(borrowed(schema, table)), mean: means, scale: scales)
    }
}

@c @implementation
public func ctr_model_extend_history(
    _ model: OpaquePointer!, _ schema: UnsafePointer<ArrowSchema>!, _ table: UnsafePointer<ArrowArray>!
) -> Int32 {
    status { () throws(CTRError) in
        let model = try Handle.model(model)
        try model.extendHistory(model.read(borrowed(schema, table)))
    }
}

@c @implementation
public func ctr_model_set_metadata(_ model: OpaquePointer!, _ text: UnsafePointer<CChar>!, _ length: Int) -> Int32 {
    status { () throws(CTRError) in
        let model = try Handle.model(model)
        guard length >= 0 else { throw .invalidArgument("length = \(length); a length is not negative") }
        try CTRModel.checkMetadata(length)
        let bytes = UnsafeRawBufferPointer(start: try required(text, "text"), count: length)
        guard let string = String(validating: bytes, as: UTF8.self) else {
            throw .invalidArgument("text is not UTF-8")
        }
        try model.setMetadata(string)
    }
}
