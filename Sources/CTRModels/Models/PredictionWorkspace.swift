import CTRFeatures
import CTRKernels

/// The memory of one prediction, used again from call to call.
final class PredictionWorkspace {
    let encoding = EncodingWorkspace()
    let impression = ImpressionWorkspace()
    private let job = PredictionJob()
    private var logits = FloatBuffer(count: 0)
    private var seen = -1
    private var shared = TrainingRows(EncodedRows())

    /// The rows that `encoding` holds, as the layers read them; it has as many as there is room for.
    private var rows: TrainingRows {
        if seen != encoding.generation {
            shared = TrainingRows(encoding.rows)
            seen = encoding.generation
        }
        return shared
    }

    /// Whether it is small enough to be kept: numbers of 4 MiB, about 20,000 rows of 39 columns.
    var isKept: Bool { encoding.size + logits.count <= 1 << 20 }

    /// The click probabilities of the rows that `encoding` holds.
    func probabilities(
        _ ensemble: Ensemble, threads: Int, into output: UnsafeMutablePointer<Double>
    ) throws(CTRError) {
        let count = encoding.rows.rowCount
        if logits.count < count { logits = FloatBuffer(count: count) }
        let logits = logits
        try job.logits(ensemble, rows, range: 0..<count, threads: threads, into: logits.base)
        for row in 0..<count { output[row] = DenseKernels.probability(logits.base[row]) }
    }

    /// The click probability of the one row that `encoding` holds.
    func probability(_ ensemble: Ensemble) throws(CTRError) -> Double {
        var logit: Float = 0
        try ensemble.logits(rows, range: 0..<1, into: &logit)
        return DenseKernels.probability(logit)
    }
}
