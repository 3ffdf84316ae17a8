import CTRKernels
import Glibc
import Synchronization

/// A model's state, which many threads read and which is exchanged as a whole: a child made by `fork` in the midst of a
/// change finds the state before it or the one after.
///
/// A reader holds a lock only until it has retained what it reads. There are many, and a thread always takes the same,
/// so threads that predict at once seldom meet: with one lock for all they wait for each other as soon as there are more
/// of them than processors. Who exchanges the state takes each lock once before it lets go of the old one.
final class SharedState: Sendable {
    struct State: Sendable {
        var options: ModelOptions
        var fitted: FittedModel?
        /// How often the options were changed, and how often the model was reset: a training looks what came between.
        var optionChanges = 0
        var resets = 0
    }

    private final class Box: Sendable {
        let state: State
        /// Threads to work on.
        let workers: Int

        init(_ state: State) {
            self.state = state
            workers = state.options.workers
        }
    }

    private let current: Atomic<Unmanaged<Box>>
    private let changing = Lock()
    static let size = 32
    private let readers = (0..<SharedState.size).map { _ in Lock() }

    init(_ state: State) { current = Atomic(.passRetained(Box(state))) }

    deinit { current.load(ordering: .acquiring).release() }

    /// The slot of the calling thread.
    static var slot: Int {
        Int(truncatingIfNeeded: (UInt64(UInt(pthread_self())) &* 0x9E37_79B9_7F4A_7C15) >> 59)
    }

    @inline(__always)
    private func read<R>(_ body: (Box) -> R) -> R {
        readers[Self.slot].withLock { current.load(ordering: .acquiring)._withUnsafeGuaranteedRef(body) }
    }

    var state: State { read { $0.state } }

    /// What a prediction needs.
    var predicting: (fitted: FittedModel?, workers: Int) { read { ($0.state.fitted, $0.workers) } }

    /// Once this returns, every thread reads the new state. Where `body` throws, the old one stays.
    func change<E: Error>(_ body: (inout State) throws(E) -> Void) throws(E) {
        try changing.withLock { () throws(E) in
            var state = self.state
            try body(&state)
            let old = current.exchange(.passRetained(Box(state)), ordering: .acquiringAndReleasing)
            for lock in readers { lock.withLock {} }
            old.release()
        }
    }
}
