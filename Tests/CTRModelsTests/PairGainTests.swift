import CTRKernels
import Glibc
import Testing

@testable import CTRModels

/// The gain of a pair against its definition, each row's cell gathered anew by going through all rows.
@Suite struct PairGainTests {
    private let first: [Int32]
    private let second: [Int32]
    private let logits: [Float]
    private let folds: PairFolds

    init() {
        var stream = RandomStream(seed: 3)
        let rows = 400
        first = (0..<rows).map { _ in Int32(stream.nextIndex(below: 5)) }
        // The second's ids are the larger: a cell's key must not mix up which is which.
        second = (0..<rows).map { _ in Int32(stream.nextIndex(below: 40)) }
        logits = (0..<rows).map { _ in 4 * stream.nextFloat() - 2 }
        folds = PairFolds(
            count: 3, fold: (0..<rows).map { _ in stream.nextIndex(below: 3) },
            labels: (0..<rows).map { _ in stream.nextIndex(below: 3) == 0 },
            weights: (0..<rows).map { _ in Double(stream.nextIndex(below: 4)) / 2 })
    }

    private func slowSteps() -> [Double] {
        first.indices.map { row in
            var (slope, curvature) = (0.0, 0.0)
            for other in first.indices
            where first[other] == first[row] && second[other] == second[row] && folds.fold[other] != folds.fold[row] {
                let probability = 1 / (1 + exp(-Double(logits[other])))
                slope += folds.weights[other] * (probability - (folds.labels[other] ? 1 : 0))
                curvature += folds.weights[other] * probability * (1 - probability)
            }
            return -slope / (curvature + 3)
        }
    }

    private func loss(_ logit: Double, _ label: Bool) -> Double { log1p(exp(label ? -logit : logit)) }

    @Test func stepsAreThoseOfTheOtherFolds() {
        let steps = PairGain.steps(first, second, folds, logits)
        #expect(steps.count == first.count)
        #expect(zip(steps, slowSteps()).allSatisfy { abs(Double($0) - $1) < 1e-5 })
        #expect(Set(steps).count > 50)
    }

    @Test func theGainIsTheMeanOverRowsWithItsStandardError() throws {
        let steps = slowSteps()
        let gains = steps.indices.map { row in
            let logit = Double(logits[row])
            return folds.weights[row]
                * (loss(logit, folds.labels[row]) - loss(logit + steps[row], folds.labels[row]))
        }
        let total = folds.weights.reduce(0, +)
        let mean = gains.reduce(0, +) / total
        let error = gains.reduce(0) { $0 + $1 * $1 }.squareRoot() / total
        let noise = [Int32](repeating: 2, count: first.count)
        for threads in [1, 2] {
            let all = PairGain.all([(first, second), (noise, noise), (second, first)], folds, logits, threads)
            #expect(abs(all[0].mean - mean) < 1e-5)
            #expect(abs(all[0].error - error) < 1e-5)
            #expect(all[2].mean == all[0].mean)
            #expect(all[1].mean != all[0].mean)
        }
    }

    @Test func theLogLossIsWeighted() {
        let sum = logits.indices.reduce(0.0) { $0 + folds.weights[$1] * loss(Double(logits[$1]), folds.labels[$1]) }
        #expect(abs(folds.logLoss(logits) - sum / folds.weights.reduce(0, +)) < 1e-6)
    }
}
