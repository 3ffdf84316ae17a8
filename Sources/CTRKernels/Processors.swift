import CVectorLoops
import Synchronization

/// How many processors this process may use.
package enum Processors {
    /// Those it is bound to, as `taskset` and containers bind it, but no more than its control groups give it time on.
    package static var count: Int { max(1, min(vl_processors(), quota)) }

    /// Asked once a process, as it takes some ten system calls: 0 until then. Two threads that ask at once find the same.
    private static let known = Atomic<Int>(0)

    private static var quota: Int {
        let before = known.load(ordering: .relaxed)
        if before > 0 { return before }
        let found = max(1, ControlGroups().processors ?? .max)
        known.store(found, ordering: .relaxed)
        return found
    }
}
