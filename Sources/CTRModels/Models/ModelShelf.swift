import Glibc
import Synchronization

/// What predictions read of a model: as many copies of one reference as there are places, each behind a lock of its own.
/// A thread always reads the same place, so threads that predict at once seldom meet at a lock. With one lock for all
/// they wait for each other as soon as there are more of them than processors.
final class ModelShelf: Sendable {
    struct Entry: Sendable {
        var fitted: FittedModel?
        /// Threads to work on.
        var workers = 1
    }

    private final class Place: Sendable {
        let held = Mutex(Entry())
    }

    static let size = 32
    private let places = (0..<ModelShelf.size).map { _ in Place() }

    /// The place of the calling thread.
    static var place: Int {
        Int(truncatingIfNeeded: (UInt64(UInt(pthread_self())) &* 0x9E37_79B9_7F4A_7C15) >> 59)
    }

    var entry: Entry {
        let place = places[Self.place]
        return place.held.withLock { $0 }
    }

    /// Once this returns, every thread reads the new entry. One call at a time.
    func put(_ entry: Entry) {
        let before = self.entry
        for place in places { place.held.withLock { $0 = entry } }
        // A model is let go of here, not while a thread waits at one of the locks.
        withExtendedLifetime(before) {}
    }
}
