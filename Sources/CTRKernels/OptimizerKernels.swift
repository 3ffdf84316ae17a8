/// One step of an optimiser over `count` neighbouring parameters: weights, gradients and one or two state arrays.
package enum OptimizerKernels {
    /// FTRL-Proximal, per coordinate (McMahan et al., 2013, algorithm 1): `z` and `n` are the algorithm's own.
    package static func ftrl(
        _ weights: UnsafeMutablePointer<Float>, gradient: UnsafePointer<Float>, z: UnsafeMutablePointer<Float>,
        n: UnsafeMutablePointer<Float>, count: Int, alpha: Float, beta: Float, l1: Float, l2: Float
    ) {
        for index in 0..<count {
            let g = gradient[index]
            let squares = n[index] + g * g
            let root = squares.squareRoot()
            let sigma = (root - n[index].squareRoot()) / alpha
            let accumulated = z[index] + g - sigma * weights[index]
            z[index] = accumulated
            n[index] = squares
            let shrunk = abs(accumulated) - l1
            let size = shrunk / ((beta + root) / alpha + l2)
            weights[index] = shrunk <= 0 ? 0 : (accumulated < 0 ? size : -size)
        }
    }

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

    /// AdaGrad (Duchi et al., 2011), diagonal; `squares` is the sum of squared gradients, begun at `initial`.
    package static func adaGrad(
        _ weights: UnsafeMutablePointer<Float>, gradient: UnsafePointer<Float>,
        squares: UnsafeMutablePointer<Float>, count: Int, rate: Float, initial: Float
    ) {
        for index in 0..<count {
            let g = gradient[index]
            let sum = squares[index] + g * g
            squares[index] = sum
            weights[index] -= rate * g / (sum + initial).squareRoot()
        }
    }

    /// Adam (Kingma and Ba, 2015, algorithm 1); the corrections are 1 - beta^t of both moments.
    package static func adam(
        _ weights: UnsafeMutablePointer<Float>, gradient: UnsafePointer<Float>, mean: UnsafeMutablePointer<Float>,
        square: UnsafeMutablePointer<Float>, count: Int, rate: Float, beta1: Float, beta2: Float, epsilon: Float,
        meanCorrection: Float, squareCorrection: Float
    ) {
        for index in 0..<count {
            let g = gradient[index]
            let first = beta1 * mean[index] + (1 - beta1) * g
            let second = beta2 * square[index] + (1 - beta2) * g * g
            mean[index] = first
            square[index] = second
            weights[index] -= rate * (first / meanCorrection) / ((second / squareCorrection).squareRoot() + epsilon)
        }
    }

    /// average = weights + (average - weights) · decay
    package static func decay(
        _ average: UnsafeMutablePointer<Float>, towards weights: UnsafePointer<Float>, by decay: Float, count: Int
    ) {
        for index in 0..<count {
            let weight = weights[index]
            average[index] = weight + (average[index] - weight) * decay
        }
    }
}
