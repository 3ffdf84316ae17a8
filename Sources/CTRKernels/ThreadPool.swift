import Glibc
import Synchronization

/// Numbered tasks for a `ThreadPool`.
package protocol PoolJob: AnyObject {
    /// Does one task. `worker` is from 0 to below `ThreadPool.workers(threads)`; no two tasks of one worker run at once.
    func run(task: Int, worker: Int)
}

/// Runs numbered tasks on a few threads. What a task computes must not depend on the thread it runs on, nor on the
/// order: then results are the same for any number of threads.
///
/// Threads start at the first parallel job, never at load, and a child process made by `fork` starts its own: a
/// forked thread pool has no threads. Two jobs at once are fine: the second runs on its caller's thread alone.
package final class ThreadPool: @unchecked Sendable {
    /// Never let go of. No lock guards it: a child made while another thread held one would wait for ever.
    private static let current = Atomic<Unmanaged<ThreadPool>?>(nil)

    /// The process's pool. A parent's is left as it is: its threads are not here to be ended.
    package static var shared: ThreadPool {
        let now = forks
        let present = current.load(ordering: .acquiring)
        if let pool = present?.takeUnretainedValue(), pool.forksBefore == now { return pool }
        let made = Unmanaged.passRetained(ThreadPool(forksBefore: now))
        let (isMade, other) = current.compareExchange(
            expected: present, desired: made, ordering: .acquiringAndReleasing)
        return (isMade ? made : other ?? made).takeUnretainedValue()
    }

    /// Processors that this process may use: those it is bound to, and no more than its container's quota of their time.
    package static var processorCount: Int { Processors.count }

    private let forksBefore: UInt32
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let wake = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private let done = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private let busy = Atomic<Bool>(false)
    private let generation = Atomic<Int>(0)
    private let nextTask = Atomic<Int>(0)
    private let running = Atomic<Int>(0)
    private var workers = 0
    private var helpers = 0
    private var taskCount = 0
    private var job: (any PoolJob)?

    private init(forksBefore: UInt32) {
        self.forksBefore = forksBefore
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(wake, nil)
        // Waits on it may be bounded, and the time of day may be set back.
        var attributes = pthread_condattr_t()
        pthread_condattr_init(&attributes)
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        pthread_cond_init(done, &attributes)
        pthread_condattr_destroy(&attributes)
    }

    private static let mostThreads = 64

    /// How many workers so many threads are at most.
    package static func workers(_ threads: Int) -> Int { max(1, min(threads, mostThreads)) }

    /// Rows in a task: even shares of few rows, `most` where there are many; whole tiles of eight either way.
    package static func block(of count: Int, threads: Int, most: Int) -> Int {
        let share = (count + max(threads, 1) - 1) / max(threads, 1)
        return min(most, max(8, (share + 7) / 8 * 8))
    }

    /// Starts the threads of such jobs now. Each takes address space, its stack's and its allocations', and so less is left
    /// than before: `Memory` is to be asked after this.
    package func start(threads: Int) {
        if threads > 1 { run(tasks: threads, threads: threads) { _ in } }
    }

    /// Calls `body` once for each number in `0..<tasks`, on at most `threads` threads, and returns when all are done.
    /// Once its own are done, the caller's thread calls `whileWaiting` ten times a second until the others are, too.
    package func run(tasks: Int, threads: Int, whileWaiting: (() -> Void)? = nil, _ body: (Int) -> Void) {
        withoutActuallyEscaping(body) {
            run(tasks: tasks, threads: threads, whileWaiting: whileWaiting, job: ClosureJob(body: $0))
        }
    }

    /// The same for a job that is there already: allocates nothing.
    package func run(tasks: Int, threads: Int, whileWaiting: (() -> Void)? = nil, job: any PoolJob) {
        guard tasks > 1, threads > 1,
            busy.compareExchange(expected: false, desired: true, ordering: .acquiringAndReleasing).exchanged
        else {
            for task in 0..<max(tasks, 0) { job.run(task: task, worker: 0) }
            return
        }
        defer { busy.store(false, ordering: .releasing) }
        startWorkers(min(threads, tasks, Self.mostThreads) - 1)
        pthread_mutex_lock(mutex)
        self.job = job
        taskCount = tasks
        helpers = min(threads, tasks, Self.mostThreads) - 1
        nextTask.store(0, ordering: .relaxed)
        running.store(workers, ordering: .relaxed)
        generation.add(1, ordering: .releasing)
        pthread_cond_broadcast(wake)
        pthread_mutex_unlock(mutex)
        work(job, tasks, worker: 0)
        waitForWorkers(whileWaiting)
        self.job = nil
    }

    private func work(_ job: any PoolJob, _ tasks: Int, worker: Int) {
        while true {
            let task = nextTask.add(1, ordering: .relaxed).oldValue
            if task >= tasks { return }
            job.run(task: task, worker: worker)
        }
    }

    /// Waits some tens of microseconds, about what being woken costs; true if it has come to hold.
    @inline(__always)
    private static func spin(until holds: () -> Bool) -> Bool {
        for _ in 0..<1000 {
            if holds() { return true }
            vl_pause()
        }
        return holds()
    }

    private func waitForWorkers(_ whileWaiting: (() -> Void)?) {
        if Self.spin(until: { running.load(ordering: .acquiring) == 0 }) { return }
        pthread_mutex_lock(mutex)
        while running.load(ordering: .acquiring) > 0 {
            guard let whileWaiting else {
                pthread_cond_wait(done, mutex)
                continue
            }
            var time = timespec()
            clock_gettime(CLOCK_MONOTONIC, &time)
            time.tv_nsec += 100_000_000
            if time.tv_nsec >= 1_000_000_000 {
                (time.tv_sec, time.tv_nsec) = (time.tv_sec + 1, time.tv_nsec - 1_000_000_000)
            }
            guard pthread_cond_timedwait(done, mutex, &time) == ETIMEDOUT else { continue }
            pthread_mutex_unlock(mutex)
            whileWaiting()
            if forks != forksBefore {
                // This is a child made in there: the threads are its parent's, and what they were at is done again.
                for task in 0..<taskCount { job?.run(task: task, worker: 0) }
                return
            }
            pthread_mutex_lock(mutex)
        }
        pthread_mutex_unlock(mutex)
    }

    private func startWorkers(_ wanted: Int) {
        // A thread's stack, and what its allocations set aside, come out of what an address limit leaves; and the C library
        // ends a process that has no memory for a new thread's own variables. Fewer threads, same results.
        while workers < wanted, Memory.holds(1 << 24) {
            let seen = generation.load(ordering: .relaxed)
            let start = Unmanaged.passRetained(WorkerStart(pool: self, index: workers, seen: seen))
            var thread = pthread_t()
            let status = pthread_create(&thread, nil, workerMain, start.toOpaque())
            if status != 0 {
                start.release()
                return
            }
            pthread_detach(thread)
            workers += 1
        }
    }

    /// Waits for the next job and works on it. The job is let go of before this returns: it must not outlive `run`.
    private func takePart(index: Int, after seen: Int) -> Int {
        pthread_mutex_lock(mutex)
        while generation.load(ordering: .acquiring) == seen { pthread_cond_wait(wake, mutex) }
        let now = generation.load(ordering: .acquiring)
        let job = index < helpers ? self.job : nil
        let tasks = taskCount
        pthread_mutex_unlock(mutex)
        if let job { work(job, tasks, worker: index + 1) }
        return now
    }

    fileprivate func workerLoop(index: Int, seen first: Int) {
        var seen = first
        while true {
            _ = Self.spin { generation.load(ordering: .acquiring) != seen }
            seen = takePart(index: index, after: seen)
            if running.subtract(1, ordering: .acquiringAndReleasing).newValue == 0 {
                pthread_mutex_lock(mutex)
                pthread_cond_signal(done)
                pthread_mutex_unlock(mutex)
            }
        }
    }
}

private final class ClosureJob: PoolJob {
    private let body: (Int) -> Void
    init(body: @escaping (Int) -> Void) { self.body = body }
    func run(task: Int, worker: Int) { body(task) }
}

private final class WorkerStart {
    let pool: ThreadPool
    let index: Int
    let seen: Int
    init(pool: ThreadPool, index: Int, seen: Int) {
        self.pool = pool
        self.index = index
        self.seen = seen
    }
}

private func workerMain(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let argument else { return nil }
    // Signals belong to the program's own threads: Python's Ctrl-C must reach its main thread.
    var all = sigset_t()
    sigfillset(&all)
    pthread_sigmask(SIG_BLOCK, &all, nil)
    let start = Unmanaged<WorkerStart>.fromOpaque(argument).takeRetainedValue()
    start.pool.workerLoop(index: start.index, seen: start.seen)
    return nil
}
