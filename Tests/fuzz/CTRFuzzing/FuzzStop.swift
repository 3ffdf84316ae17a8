import CCTRModels

/// A progress callback that stops a training after some calls, and tries in each what it may not do.
final class FuzzStop {
    private let model: FuzzModel
    private var left: Int
    private(set) var stopped = false

    init(model: FuzzModel, after calls: Int) {
        (self.model, left) = (model, calls)
    }

    static let progress: ctr_progress_callback = { info, context in
        guard let info, let context else { return 0 }
        let stop = Unmanaged<FuzzStop>.fromOpaque(context).takeUnretainedValue()
        if info.pointee.rows_done > info.pointee.rows || info.pointee.epoch < 1 {
            finding("progress of \(info.pointee)")
        }
        if FuzzModel.worked(ctr_model_set_metadata(stop.model.handle, "", 0)) {
            finding("a callback changes the model that is in training")
        }
        stop.left -= stop.left == .max ? 0 : 1
        if stop.left < 0 { stop.stopped = true }
        return stop.stopped ? 1 : 0
    }
}
