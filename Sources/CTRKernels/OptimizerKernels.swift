/// FTRL-Proximal's state for weights that it did not leave itself; the steps are in `VectorLoops`.
package enum OptimizerKernels {
    /// The `z` for which FTRL-Proximal's weights are `weights`, given `n`: training goes on from weights that were set.
    package static func ftrlState(
        for weights: UnsafePointer<Float>, z: UnsafeMutablePointer<Float>, n: UnsafePointer<Float>, count: Int,
        alpha: Float, beta: Float, l1: Float, l2: Float
    ) {
        for index in 0..<count {
            let weight = weights[index]
            if weight == 0 {
                z[index] = 0
                continue
            }
            let scaled = -weight * ((beta + n[index].squareRoot()) / alpha + l2)
            z[index] = scaled + (weight > 0 ? -l1 : l1)
        }
    }
}
