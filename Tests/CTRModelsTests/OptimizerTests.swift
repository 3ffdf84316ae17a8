import CTRFeatures
import CTRKernels
import CTRTestSupport
import Testing

@testable import CTRModels

/// Each optimiser against its paper's update, worked out step by step in doubles.
@Suite struct OptimizerTests {
    private static let gradients: [Double] = [0.5, -0.2, 0.1, 0.4, -0.7]

    private static func run(_ optimizer: any Optimizer) -> Float {
        var optimizer = optimizer
        let weight = OneWeight(0.3)
        let block = weight.block
        optimizer.adopt(block.weights.base, state1: block.state1.base, state2: block.state2.base, count: 1)
        for (index, gradient) in gradients.enumerated() {
            optimizer.beginStep(index + 1, rows: 1)
            weight.step(optimizer, gradient: Float(gradient), held: optimizer is FTRL ? 1 : 0)
        }
        return weight.value
    }

    @Test func ftrl() {
        let (alpha, beta, l1, l2) = (0.1, 1.0, 0.05, 0.5)
        var (w, n) = (0.3, 0.0)
        var z = -w * (beta / alpha + l2) - l1
        for g in Self.gradients {
            let sigma = ((n + g * g).squareRoot() - n.squareRoot()) / alpha
            z += g - sigma * w
            n += g * g
            w = abs(z) <= l1 ? 0 : -(z - (z > 0 ? l1 : -l1)) / ((beta + n.squareRoot()) / alpha + l2)
        }
        #expect(abs(Double(Self.run(FTRL(learningRate: alpha, l1: l1, l2: l2))) - w) < 1e-6)
    }

    @Test func ftrlGoesToExactlyZeroUnderL1() {
        let weight = OneWeight(0)
        weight.step(FTRL(learningRate: 0.1, l1: 1, l2: 0), gradient: 0.4, held: 1)
        #expect(weight.value == 0 && weight.value.sign == .plus)
        #expect(weight.state[0] == 0.4)
    }

    @Test func ftrlAdoptsWeights() {
        let optimizer = FTRL(learningRate: 0.3, l1: 0.2, l2: 2)
        let weight = OneWeight(-0.75, 0, 4)
        let block = weight.block
        optimizer.adopt(block.weights.base, state1: block.state1.base, state2: block.state2.base, count: 1)
        weight.step(optimizer, gradient: 0, held: 1)
        #expect(abs(weight.value + 0.75) < 1e-6)
    }

    @Test func adaGrad() {
        var (w, squares) = (0.3, 0.01)
        for g in Self.gradients {
            squares += g * g
            w -= 0.1 * g / squares.squareRoot()
        }
        #expect(abs(Double(Self.run(AdaGrad(learningRate: 0.1, initial: 0.01))) - w) < 1e-6)
    }

    @Test func adam() {
        var (w, m, v) = (0.3, 0.0, 0.0)
        var (power1, power2) = (1.0, 1.0)
        for g in Self.gradients {
            m = 0.9 * m + 0.1 * g
            v = 0.999 * v + 0.001 * g * g
            power1 *= 0.9
            power2 *= 0.999
            w -= 0.1 * (m / (1 - power1)) / ((v / (1 - power2)).squareRoot() + 1e-8)
        }
        #expect(abs(Double(Self.run(Adam(learningRate: 0.1))) - w) < 1e-5)
    }

    /// The lazily kept average equals the one kept at every step.
    @Test func averageOfRowsRarelyTouched() {
        var averaging = Averaging(horizon: 20, warmUp: true)
        let block = Parameters(rows: 2, width: 1)
        block.startAverage()
        let rows = TrainingRows(EncodedRows(column: [1]))
        let touched = TouchedRows()
        var plain = 0.0
        for step in 1...60 {
            averaging.beginStep()
            let decay = averaging.decay(from: step - 1, to: step)
            if step % 7 == 0 {
                var gradient: Float = step % 2 == 0 ? 0.3 : -0.5
                [Int32(0)].withUnsafeBufferPointer {
                    touched.gather(rows, batch: $0, source: .slot(0), rowOfID: nil, tableRows: 2)
                }
                touched.update(
                    block, AdaGrad(learningRate: 0.1).settings(now: decay), averaging: averaging, gradients: &gradient,
                    stride: 1
                ) { _, _ in 0 }
            }
            plain = plain * Double(decay) + (1 - Double(decay)) * Double(block.weights.base[1])
        }
        block.flushAverage(rows: 0..<2, averaging)
        #expect(abs(Double(block.average.base[1]) - plain) < 1e-6)
        #expect(block.average.base[0] == 0)
    }
}
