import CTRFeatures
import CTRKernels
import CTRNetwork
import Synchronization

/// The logits of many rows on several threads. It may be used again, by one caller at a time, and allocates nothing
/// once the threads have memory for a block.
package final class PredictionJob: PoolJob {
    private struct Work {
        let ensemble: Ensemble
        let rows: TrainingRows
        let range: Range<Int>
        let selection: IndexBuffer?
        let block: Int
        let output: UnsafeMutablePointer<Float>
        let interruption: Interruption?
    }
    private var work: Work?
    private let failed = Atomic<Bool>(false)

    /// Up to here one thread is done before another is awake.
    private static let fewRows = 32

    package init() {}

    /// As `Ensemble.logits`; throws, too, where the work was cancelled.
    package func logits(
        _ ensemble: Ensemble, _ rows: TrainingRows, range: Range<Int>, of selection: IndexBuffer? = nil, threads: Int,
        interruption: Interruption? = nil, into output: UnsafeMutablePointer<Float>
    ) throws(CTRError) {
        if range.count <= Self.fewRows {
            return try ensemble.logits(rows, range: range, of: selection, into: output)
        }
        let block = ThreadPool.block(of: range.count, threads: threads, most: Ensemble.blockRows)
        work = Work(
            ensemble: ensemble, rows: rows, range: range, selection: selection, block: block, output: output,
            interruption: interruption)
        defer { work = nil }
        failed.store(false, ordering: .relaxed)
        let whileWaiting = interruption.map { interruption in { _ = interruption.isCancelled } }
        ThreadPool.shared.run(
            tasks: (range.count + block - 1) / block, threads: threads, whileWaiting: whileWaiting, job: self)
        try interruption?.check()
        if failed.load(ordering: .relaxed) { throw Ensemble.noMemory(rows: block) }
    }

    package func run(task: Int, worker: Int) {
        guard let work, work.interruption?.isCancelled != true else { return }
        let start = work.range.lowerBound + task * work.block
        let range = start..<min(start + work.block, work.range.upperBound)
        let isDone = work.ensemble.blockLogits(
            work.rows, range, of: work.selection, into: work.output + task * work.block)
        if !isDone { failed.store(true, ordering: .relaxed) }
    }
}
