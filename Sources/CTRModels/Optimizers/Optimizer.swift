/// A first-order optimiser: one step on neighbouring parameters that share nothing but its settings.
package protocol Optimizer: Sendable {
    /// Updates `count` weights by their gradients. Each weight has two floats of state, zero at first. `frequency` says
    /// how many rows they have to learn from, where a deep part learns from these as well; 0 where it does not matter.
    func update(
        _ weights: UnsafeMutablePointer<Float>, gradient: UnsafePointer<Float>, state1: UnsafeMutablePointer<Float>,
        state2: UnsafeMutablePointer<Float>, count: Int, frequency: Int)

    /// Called once before each step of the training, from 1, with the number of its rows.
    mutating func beginStep(_ step: Int, rows: Int)

    /// Makes the state fit weights that were set from outside.
    func adopt(
        _ weights: UnsafePointer<Float>, state1: UnsafeMutablePointer<Float>, state2: UnsafeMutablePointer<Float>,
        count: Int)
}

extension Optimizer {
    package func update(
        _ weights: UnsafeMutablePointer<Float>, gradient: UnsafePointer<Float>, state1: UnsafeMutablePointer<Float>,
        state2: UnsafeMutablePointer<Float>, count: Int
    ) {
        update(weights, gradient: gradient, state1: state1, state2: state2, count: count, frequency: 0)
    }

    package mutating func beginStep(_ step: Int, rows: Int) {}

    package func adopt(
        _ weights: UnsafePointer<Float>, state1: UnsafeMutablePointer<Float>, state2: UnsafeMutablePointer<Float>,
        count: Int
    ) {}
}
