import CTRKernels
import Testing

@testable import CTRModels

/// Each optimiser against its paper's update, worked out step by step in doubles.
@Suite struct OptimizerTests {
    private static let gradients: [Double] = [0.5, -0.2, 0.1, 0.4, -0.7]

    private static func run(_ optimizer: any Optimizer) -> Float {
        var optimizer = optimizer
        var weight: Float = 0.3
        var states: (Float, Float) = (0, 0)
        optimizer.adopt(&weight, state1: &states.0, state2: &states.1, count: 1)
        for (index, gradient) in gradients.enumerated() {
            optimizer.beginStep(index + 1, rows: 1)
            var gradient = Float(gradient)
            optimizer.update(&weight, gradient: &gradient, state1: &states.0, state2: &states.1, count: 1)
        }
        return weight
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
        var weight: Float = 0
        var (z, n): (Float, Float) = (0, 0)
        var gradient: Float = 0.4
        FTRL(learningRate: 0.1, l1: 1, l2: 0).update(&weight, gradient: &gradient, state1: &z, state2: &n, count: 1)
        #expect(weight == 0)
        #expect(z == 0.4)
    }

    @Test func ftrlAdoptsWeights() {
        let optimizer = FTRL(learningRate: 0.3, l1: 0.2, l2: 2)
        var (weight, n, z): (Float, Float, Float) = (-0.75, 4, 0)
        optimizer.adopt(&weight, state1: &z, state2: &n, count: 1)
        var gradient: Float = 0
        optimizer.update(&weight, gradient: &gradient, state1: &z, state2: &n, count: 1)
        #expect(abs(weight + 0.75) < 1e-6)
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
        var plain = 0.0
        let optimizer = AdaGrad(learningRate: 0.1)
        for step in 1...60 {
            averaging.beginStep()
            if step % 7 == 0 {
                var gradient: Float = step % 2 == 0 ? 0.3 : -0.5
                block.update(row: 1, gradient: &gradient, optimizer: optimizer, averaging: averaging)
            }
            let decay = Double(averaging.decay(from: step - 1, to: step))
            plain = plain * decay + (1 - decay) * Double(block.weights.base[1])
        }
        block.flushAverage(averaging)
        #expect(abs(Double(block.average.base[1]) - plain) < 1e-6)
        #expect(block.average.base[0] == 0)
    }
}
