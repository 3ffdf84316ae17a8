import Glibc

/// The exponential moving average of the weights (Polyak and Juditsky, 1992, in the form common for networks): step t
/// keeps a share d(t) of the average. Averaged weights are what is validated, kept and served.
package struct Averaging: Sendable {
    private let limit: Double
    private let warmUp: Bool
    /// logs[t] = Σ over steps 1...t of log d.
    private var logs: [Double] = [0]

    /// `horizon`: the number of steps the average reaches back. With `warmUp` it is shorter in the first steps, so that
    /// the random start is soon forgotten.
    package init(horizon: Double, warmUp: Bool) {
        limit = 1 - 1 / max(horizon, 2)
        self.warmUp = warmUp
    }

    /// Steps begun so far.
    package var step: Int { logs.count - 1 }

    /// Room for so many further steps, which then allocate nothing. It doubles at least, or long trainings would copy it
    /// in each epoch.
    package mutating func reserve(_ steps: Int) {
        if logs.capacity - logs.count < steps { logs.reserveCapacity(max(logs.count + steps, 2 * logs.count)) }
    }

    package mutating func beginStep() {
        let count = Double(logs.count)
        let decay = warmUp ? min(limit, count / (count + 9)) : limit
        logs.append(logs[logs.count - 1] + log(decay))
    }

    /// Π of d over the steps after `from` up to `to`.
    package func decay(from: Int, to: Int) -> Float {
        guard from < to, from >= 0, to < logs.count else { return 1 }
        return expf(Float(logs[to] - logs[from]))
    }
}
