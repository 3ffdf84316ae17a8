import CTRKernels
import CTRModels

/// Predictions of so many encoded rows at once, each call's the next rows, on all of the machine's threads.
struct PredictCommand {
    private let loaded: Loaded
    private let batch: Int
    private let calls: Int
    private let job = PredictionJob()

    init(_ loaded: Loaded, _ given: [String]) throws(CTRError) {
        guard given.count == 2, let batch = Int(given[0]), let calls = Int(given[1]), calls > 0,
            (1...loaded.rows.rowCount).contains(batch)
        else {
            throw .invalidArgument("predict wants a batch of at most the rows there are, and a number of calls")
        }
        (self.loaded, self.batch, self.calls) = (loaded, batch, calls)
    }

    func run() throws(CTRError) -> JSON {
        let output = FloatBuffer(count: batch)
        let batches = loaded.rows.rowCount / batch
        var times: [Double] = []
        for call in 0..<(calls + 3) {
            let start = call % batches * batch
            let seconds = try Timing.seconds { () throws(CTRError) in
                try predict(start..<start + batch, into: output.base)
            }
            if call >= 3 { times.append(seconds) }  // the first ones find other memory in the caches
        }
        return ["seconds": .number(Timing.median(times)), "last": .number(Double(output.base[batch - 1]))]
    }

    private func predict(_ range: Range<Int>, into output: UnsafeMutablePointer<Float>) throws(CTRError) {
        try job.logits(
            loaded.fitted.ensemble, loaded.rows, range: range, threads: ThreadPool.processorCount, into: output)
        for row in 0..<range.count { output[row] = Float(DenseKernels.probability(output[row])) }
    }
}
