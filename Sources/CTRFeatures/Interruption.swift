import CTRKernels
import Glibc
import Synchronization

/// Whether long work goes on: who wants it done is asked, about twice a second, on the thread that began the work and on
/// no other. Threads that help see the answer.
package final class Interruption: @unchecked Sendable {
    private let owner = pthread_self()
    private let interval: Double
    private let goesOn: () -> Bool
    private let cancelled: CTRError
    private let isStopped = Atomic<Bool>(false)
    /// Read and written on the owner's thread alone.
    private var lastAsked = Monotonic.seconds()

    /// In seconds.
    package static let usualInterval = 0.5

    package init(
        every interval: Double = Interruption.usualInterval,
        cancelled message: String = "the training was cancelled; the model is as it was before",
        goesOn: @escaping () -> Bool
    ) {
        self.interval = interval
        cancelled = .cancelled(message)
        self.goesOn = goesOn
    }

    /// Whether the work is to end. Meant to be looked at often: every thousand rows or so.
    package var isCancelled: Bool {
        if isStopped.load(ordering: .relaxed) { return true }
        guard pthread_equal(pthread_self(), owner) != 0 else { return false }
        // A clock that runs backwards asks too often, not never.
        return abs(Monotonic.seconds() - lastAsked) >= interval ? ask() : false
    }

    /// Asks at once, on the owner's thread; true if the work is to end.
    @discardableResult
    package func ask() -> Bool {
        if !goesOn() { isStopped.store(true, ordering: .relaxed) }
        lastAsked = Monotonic.seconds()
        return isStopped.load(ordering: .relaxed)
    }

    package func cancel() { isStopped.store(true, ordering: .relaxed) }

    package func check() throws(CTRError) {
        if isCancelled { throw cancelled }
    }

    /// Calls `body` for ranges that make up all of `rows`, looking between them.
    package static func check(
        _ interruption: Interruption?, rows: Int, _ body: (Range<Int>) throws(CTRError) -> Void
    ) throws(CTRError) {
        var start = 0
        while start < rows {
            try interruption?.check()
            let end = min(start + 1 << 14, rows)
            try body(start..<end)
            start = end
        }
    }
}
