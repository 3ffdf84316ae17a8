import CTRFeatures
import CTRKernels

/// The memory of one prediction of a few rows, used again from call to call.
final class PredictionWorkspace {
    let encoding = EncodingWorkspace()
    let impression = ImpressionWorkspace()
    let logits = FloatBuffer(count: EncodingWorkspace.mostRows)
    private var seen = -1
    private var shared = TrainingRows(EncodedRows())

    /// The rows that `encoding` holds, as the layers read them; it has as many as there is room for.
    var rows: TrainingRows {
        if seen != encoding.generation {
            shared = TrainingRows(encoding.rows)
            seen = encoding.generation
        }
        return shared
    }
}
