import CTRKernels
import Synchronization

/// A table's encoding on several threads: the dictionaries' entries first, then lists and rows, a block at a time. It is a
/// workspace's, used again from call to call, and allocates nothing.
final class EncodingJob: PoolJob {
    private var work: (pass: EncodingPass, rows: EncodedRows)?
    private var block = 1
    private var isLookingUp = false
    private let failed = Atomic<Bool>(false)

    /// Up to here one thread is faster than two.
    static let fewRows = 64

    /// Looks up the dictionaries' entries that there is room for.
    func lookUpEntries(by pass: EncodingPass, in workspace: EncodingWorkspace, threads: Int) {
        work = (pass, workspace.rows)
        defer { work = nil }
        isLookingUp = true
        ThreadPool.shared.run(tasks: pass.layout.readers.count, threads: threads, job: self)
        isLookingUp = false
    }

    /// Writes the rows; false where a value is invalid or of another kind than its feature.
    func encode(_ rows: EncodedRows, by pass: EncodingPass, threads: Int) -> Bool {
        let (count, lists) = (rows.rowCount, pass.layout.lists.count)
        if count <= Self.fewRows {
            return pass.encode(0..<count) && (0..<lists).allSatisfy { pass.encode(list: $0, of: rows) }
        }
        work = (pass, rows)
        defer { work = nil }
        failed.store(false, ordering: .relaxed)
        block = ThreadPool.block(of: count, threads: threads, most: 256)
        ThreadPool.shared.run(tasks: lists + (count + block - 1) / block, threads: threads, job: self)
        return !failed.load(ordering: .relaxed)
    }

    func run(task: Int, worker: Int) {
        guard let (pass, rows) = work else { return }
        if isLookingUp { return pass.lookUpEntries(of: task) }
        let first = (task - pass.layout.lists.count) * block
        let isDone =
            first < 0 ? pass.encode(list: task, of: rows) : pass.encode(first..<min(first + block, rows.rowCount))
        if !isDone { failed.store(true, ordering: .relaxed) }
    }
}
