import Glibc

/// Loops over dense activations. `rows` × `width` blocks are row-major.
package enum DenseKernels {
    /// Sets each row to the bias.
    package static func broadcast(
        _ bias: UnsafePointer<Float>, into output: UnsafeMutablePointer<Float>, rows: Int, width: Int
    ) {
        for row in 0..<rows { memcpy(output + row * width, bias, width * MemoryLayout<Float>.stride) }
    }

    /// max(0, x) in place.
    package static func relu(_ values: UnsafeMutablePointer<Float>, count: Int) {
        for index in 0..<count { values[index] = max(values[index], 0) }
    }

    /// Zeroes the gradient wherever ReLU's output was zero; with dropout that also covers the dropped units, and
    /// `scale` is 1 / (1 - rate), which the kept ones were multiplied by.
    package static func maskGradient(
        _ gradient: UnsafeMutablePointer<Float>, where output: UnsafePointer<Float>, scale: Float, count: Int
    ) {
        for index in 0..<count { gradient[index] = output[index] > 0 ? gradient[index] * scale : 0 }
    }

    /// Inverted dropout (Srivastava et al., 2014): drops each value with probability `rate`, scales the others.
    package static func dropout(
        _ values: UnsafeMutablePointer<Float>, count: Int, rate: Float, random: inout RandomStream
    ) {
        let scale = 1 / (1 - rate)
        let threshold = UInt32(rate * 65536)
        var index = 0
        while index < count {
            var bits = random.next()  // four 16-bit draws a number
            for _ in 0..<min(4, count - index) {
                values[index] = UInt32(bits & 0xFFFF) < threshold ? 0 : values[index] * scale
                bits >>= 16
                index += 1
            }
        }
    }

    /// sum[j] = Σ over rows of block[row, j]: the gradient of a bias.
    package static func columnSums(
        _ block: UnsafePointer<Float>, into sum: UnsafeMutablePointer<Float>, rows: Int, width: Int
    ) {
        memset(sum, 0, width * MemoryLayout<Float>.stride)
        for row in 0..<rows {
            let line = block + row * width
            for column in 0..<width { sum[column] += line[column] }
        }
    }

    /// target += source
    package static func add(
        _ source: UnsafePointer<Float>, to target: UnsafeMutablePointer<Float>, count: Int
    ) {
        for index in 0..<count { target[index] += source[index] }
    }

    /// target += scale · source
    package static func addScaled(
        _ source: UnsafePointer<Float>, scale: Float, to target: UnsafeMutablePointer<Float>, count: Int
    ) {
        for index in 0..<count { target[index] += scale * source[index] }
    }

    /// output = bias + input · weights for one row. Terms are added in the order of the inputs whatever the number of
    /// rows, so that a row's result does not depend on the batch it is in (GEMM's does, in the last bit). Zeros, most
    /// of a piecewise-linear encoding, cost nothing.
    package static func denseRow(
        _ input: UnsafePointer<Float>, inputs: Int, weights: UnsafePointer<Float>, bias: UnsafePointer<Float>,
        into output: UnsafeMutablePointer<Float>, outputs: Int
    ) {
        memcpy(output, bias, outputs * MemoryLayout<Float>.stride)
        for index in 0..<inputs {
            let value = input[index]
            if value == 0 { continue }
            let line = weights + index * outputs
            for column in 0..<outputs { output[column] += value * line[column] }
        }
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
