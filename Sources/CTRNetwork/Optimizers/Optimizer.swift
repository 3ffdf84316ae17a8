import CTRKernels

/// A first-order optimiser: one step on parameters that share nothing but its settings. Each weight has one or two
/// floats of state, zero at first.
package protocol Optimizer: Sendable {
    /// What the vector loops need for the present step; `now` is the averaging's.
    var settings: vl_optimizer { get }

    /// With its rate multiplied by a share.
    func slowed(to share: Float) -> Self

    /// Called once before each step of the training, from 1, with the number of its rows.
    mutating func beginStep(_ step: Int, rows: Int)

    /// Makes the state fit weights that were set from outside.
    func adopt(
        _ weights: UnsafePointer<Float>, state1: UnsafeMutablePointer<Float>, state2: UnsafeMutablePointer<Float>,
        count: Int)
}

extension Optimizer {
    package mutating func beginStep(_ step: Int, rows: Int) {}

    package func adopt(
        _ weights: UnsafePointer<Float>, state1: UnsafeMutablePointer<Float>, state2: UnsafeMutablePointer<Float>,
        count: Int
    ) {}

    /// The settings of a step of which the average keeps that share.
    func settings(now share: Float) -> vl_optimizer {
        var settings = settings
        settings.now = share
        return settings
    }
}
