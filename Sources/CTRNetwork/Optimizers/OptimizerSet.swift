/// The optimisers of a training, by what they train.
package struct OptimizerSet: Sendable {
    package var intercept: any Optimizer
    package var linear: any Optimizer
    package var deep: any Optimizer

    package init(intercept: any Optimizer, linear: any Optimizer, deep: any Optimizer) {
        (self.intercept, self.linear, self.deep) = (intercept, linear, deep)
    }

    package subscript(_ group: OptimizerGroup) -> any Optimizer {
        switch group {
        case .intercept: intercept
        case .linear: linear
        case .deep: deep
        }
    }

    /// Called once before each step of the training, from 1, with the number of its rows. The intercept's has none.
    mutating func beginStep(_ step: Int, rows: Int) {
        linear.beginStep(step, rows: rows)
        deep.beginStep(step, rows: rows)
    }
}
