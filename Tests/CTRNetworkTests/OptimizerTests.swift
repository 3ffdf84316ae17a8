import CTRFeatures
import CTRKernels
import CTRTestSupport
import Testing

@testable import CTRNetwork

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
            weight.step(optimizer, gradient: Float(gradient), penalty: optimizer is FTRL ? 1 : 0)
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
        weight.step(FTRL(learningRate: 0.1, l1: 1, l2: 0), gradient: 0.4, penalty: 1)
        #expect(weight.value == 0 && weight.value.sign == .plus)
        #expect(weight.state[0] == 0.4)
    }

    @Test func ftrlAdoptsWeights() {
        let optimizer = FTRL(learningRate: 0.3, l1: 0.2, l2: 2)
        let weight = OneWeight(-0.75, 0, 4)
        let block = weight.block
        optimizer.adopt(block.weights.base, state1: block.state1.base, state2: block.state2.base, count: 1)
        weight.step(optimizer, gradient: 0, penalty: 1)
        #expect(abs(weight.value + 0.75) < 1e-6)
    }

    @Test func ftrlsL2GrowsWithTheRowsVisited() {
        var optimizer = FTRL(learningRate: 0.3, l1: 0.01, l2: 0.5, l2PerRow: 0.25)
        var visited = 0
        for (index, rows) in [8, 8, 3].enumerated() {
            optimizer.beginStep(index + 1, rows: rows)
            visited += rows
            let fixed = FTRL(learningRate: 0.3, l1: 0.01, l2: 0.5 + 0.25 * Double(visited))
            let (growing, still, begun) = (OneWeight(0.2, 0.1, 0.5), OneWeight(0.2, 0.1, 0.5), OneWeight(0.2, 0.1, 0.5))
            growing.step(optimizer, gradient: 0.4, penalty: 1)
            still.step(fixed, gradient: 0.4, penalty: 1)
            begun.step(FTRL(learningRate: 0.3, l1: 0.01, l2: 0.5), gradient: 0.4, penalty: 1)
            #expect(growing.value == still.value && growing.state == still.state)
            #expect(abs(growing.value) < abs(begun.value))
        }
    }

    /// l2 grows by its whole with each twenty rows of the weight.
    @Test func ftrlHoldsFrequentIdsMore() {
        func weight(l2: Double, frequency: Int) -> Float {
            let weight = OneWeight(0.1, -0.8, 0.5)
            weight.step(
                FTRL(learningRate: 0.5, l1: 0, l2: l2), gradient: 0.3,
                penalty: FTRL.penaltyScale(frequency: Int32(frequency)))
            return weight.value
        }
        #expect(weight(l2: 2, frequency: 20) == weight(l2: 4, frequency: 0))
        #expect(weight(l2: 2, frequency: 100) == weight(l2: 12, frequency: 0))
        #expect(abs(weight(l2: 2, frequency: 100)) < abs(weight(l2: 2, frequency: 0)))
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
}
