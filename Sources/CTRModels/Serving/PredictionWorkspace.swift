import CTRFeatures
import CTRKernels
import CTRNetwork

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

    /// The click probabilities of a table's rows, encoded and predicted a block at a time. Nothing is written before the
    /// last one's are known.
    func probabilities(
        _ frame: ArrowFrame, _ encoder: RowEncoder, _ ensemble: Ensemble, threads: Int,
        _ interruption: Interruption?, into output: UnsafeMutablePointer<Double>
    ) throws(CTRError) {
        let count = frame.rowCount
        if logits.count < count {
            try Memory.require(Memory.bytes(count, of: Float.self), for: "the logits of \(count) rows")
            logits = FloatBuffer(count: count)
        }
        let logits = logits
        let table = try encoder.open(frame, threads: threads, in: encoding)
        var start = 0
        repeat {
            try interruption?.check()
            let block = start..<min(start + RowEncoder.blockRows, count)
            if let table, try encoder.encode(block, of: table, threads: threads, in: encoding) != nil {
                try job.logits(
                    ensemble, rows, range: 0..<block.count, threads: threads, interruption: interruption,
                    into: logits.base + start)
            } else {
                // Read as a whole: it says what is wrong with them.
                let part = try ArrowReader.read(frame, rows: block, threads: threads)
                let rows = TrainingRows(try encoder.encoder.encode(part, threads: threads))
                try job.logits(
                    ensemble, rows, range: 0..<block.count, threads: threads, interruption: interruption,
                    into: logits.base + start)
            }
            start = block.upperBound
        } while start < count
        try Ensemble.checkFinite(logits.base, count: count)
        for row in 0..<count { output[row] = DenseKernels.probability(logits.base[row]) }
    }

    /// The click probability of the one row that `encoding` holds.
    func probability(_ ensemble: Ensemble) throws(CTRError) -> Double {
        var logit: Float = 0
        try ensemble.logits(rows, range: 0..<1, into: &logit)
        try Ensemble.checkFinite(&logit, count: 1)
        return DenseKernels.probability(logit)
    }
}
