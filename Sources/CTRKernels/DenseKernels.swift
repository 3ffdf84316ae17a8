import Glibc

/// Loops over dense activations. `rows` × `width` blocks are row-major.
package enum DenseKernels {
    /// Zeroes the gradient wherever ReLU's output was zero; with dropout that also covers the dropped units, and
    /// `scale` is 1 / (1 - rate), which the kept ones were multiplied by.
    package static func maskGradient(
        _ gradient: UnsafeMutablePointer<Float>, where output: UnsafePointer<Float>, scale: Float, count: Int
    ) {
        VectorLoops.chosen.pointee.mask(gradient, output, scale, count)
    }

    /// Inverted dropout (Srivastava et al., 2014): drops each value with probability `rate`, scales the others.
    package static func dropout(
        _ values: UnsafeMutablePointer<Float>, count: Int, rate: Float, random: inout RandomStream
    ) {
        let scale = 1 / (1 - rate)
        let threshold = UInt32(rate * 65536)
        var index = 0
        while index < count {
            var bits = random.next()
            for _ in 0..<min(dropoutDraws, count - index) {
                values[index] = UInt32(bits & 0xFFFF) < threshold ? 0 : values[index] * scale
                bits >>= 16
                index += 1
            }
        }
    }

    /// How many values one random number decides on.
    package static let dropoutDraws = 4

    /// sum[j] = Σ over rows of block[row, j]: the gradient of a bias.
    package static func columnSums(
        _ block: UnsafePointer<Float>, into sum: UnsafeMutablePointer<Float>, rows: Int, width: Int
    ) {
        VectorLoops.chosen.pointee.column_sums(block, sum, rows, width)
    }

    /// target += source
    package static func add(
        _ source: UnsafePointer<Float>, to target: UnsafeMutablePointer<Float>, count: Int
    ) {
        VectorLoops.chosen.pointee.add_scaled(source, 1, target, count)
    }

    /// The logistic function in double precision: the logit can be had back from it, also near 1.
    package static func probability(_ logit: Float) -> Double { 1 / (1 + exp(-Double(logit))) }

    /// The logistic function, stable at both ends.
    package static func sigmoid(_ logit: Float) -> Float {
        if logit >= 0 { return 1 / (1 + expf(-logit)) }
        let exponential = expf(logit)
        return exponential / (1 + exponential)
    }
}
