/// A first-order optimiser: one step on neighbouring parameters that share nothing but its settings.
package protocol Optimizer: Sendable {
    /// Updates `count` weights by their gradients. Each weight has two floats of state, zero at first.
    func update(
        _ weights: UnsafeMutablePointer<Float>, gradient: UnsafePointer<Float>, state1: UnsafeMutablePointer<Float>,
        state2: UnsafeMutablePointer<Float>, count: Int)

    /// Called once before each step of the training, from 1.
    mutating func beginStep(_ step: Int)

    /// Makes the state fit weights that were set from outside.
    func adopt(
        _ weights: UnsafePointer<Float>, state1: UnsafeMutablePointer<Float>, state2: UnsafeMutablePointer<Float>,
        count: Int)
}

extension Optimizer {
    package mutating func beginStep(_ step: Int) {}

    package func adopt(
        _ weights: UnsafePointer<Float>, state1: UnsafeMutablePointer<Float>, state2: UnsafeMutablePointer<Float>,
        count: Int
    ) {}
}
