import CTRKernels

/// A fully connected layer: y = f(x·W + b), with f = ReLU in hidden layers and the identity in the last
/// (Cheng et al., 2016, equation 2). x is rows × inputs, W inputs × outputs, y rows × outputs, all row-major.
package struct DenseLayer: Sendable {
    package var weights: Parameters
    /// 1 × outputs
    package var bias: Parameters
    package var isHidden: Bool

    package var inputs: Int { weights.rows }
    package var outputs: Int { weights.width }

    package init(weights: Parameters, bias: Parameters, isHidden: Bool) {
        self.weights = weights
        self.bias = bias
        self.isHidden = isHidden
    }

    package func forward(_ input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>, rows: Int) {
        DenseKernels.broadcast(bias.weights.base, into: output, rows: rows, width: outputs)
        GEMM.multiply(input, weights.weights.base, into: output, m: rows, n: outputs, k: inputs, beta: 1)
        if isHidden { DenseKernels.relu(output, count: rows * outputs) }
    }

    /// From the gradient of the output (overwritten by the gradient before the activation) to those of the weights, the
    /// bias and, where wanted, the input. `scale` is what dropout multiplied the kept units by, 1 without.
    package func backward(
        input: UnsafePointer<Float>, output: UnsafePointer<Float>, outputGradient: UnsafeMutablePointer<Float>,
        inputGradient: UnsafeMutablePointer<Float>?, weightGradient: UnsafeMutablePointer<Float>,
        biasGradient: UnsafeMutablePointer<Float>, rows: Int, scale: Float
    ) {
        if isHidden {
            DenseKernels.maskGradient(outputGradient, where: output, scale: scale, count: rows * outputs)
        }
        GEMM.multiplyTransposedLeft(input, outputGradient, into: weightGradient, m: inputs, n: outputs, k: rows)
        DenseKernels.columnSums(outputGradient, into: biasGradient, rows: rows, width: outputs)
        if let inputGradient {
            GEMM.multiplyTransposedRight(
                outputGradient, weights.weights.base, into: inputGradient, m: rows, n: inputs, k: outputs)
        }
    }
}
