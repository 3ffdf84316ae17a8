import CVectorLoops

/// A lock that a child made by `fork` can take although a thread that is no longer there held it; Swift's `Mutex` ends
/// such a child, and a plain one keeps it waiting for ever. What it guards must be whole at every moment, then, as a
/// reference that is exchanged is: nobody finishes what that thread had begun.
package final class Lock: @unchecked Sendable {
    /// By itself in a cache line: threads at neighbouring locks don't slow each other down.
    private let lock: UnsafeMutablePointer<vl_lock>

    package init() {
        let line = UnsafeMutableRawPointer.allocate(byteCount: 64, alignment: 64)
        lock = line.bindMemory(to: vl_lock.self, capacity: 1)
        lock.initialize(to: vl_lock())
    }

    deinit { UnsafeMutableRawPointer(lock).deallocate() }

    /// Not to be called again from within `body`, which `isMine` tells.
    @inline(__always)
    package func withLock<R, E: Error>(_ body: () throws(E) -> R) throws(E) -> R {
        vl_lock_take(lock)
        defer { vl_lock_release(lock) }
        return try body()
    }

    /// Whether the calling thread holds it.
    package var isMine: Bool { vl_lock_is_mine(lock) != 0 }
}

/// How often this process and those that it comes from were forked: two processes of one line never tell the same.
package var forks: UInt32 { vl_forks() }
