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
}
