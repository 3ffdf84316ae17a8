import CTRKernels
import Glibc
import Testing

@testable import CTRModels
@testable import CTRNetwork

/// `l2` as a prior that keeps its weight, however often the rows are visited.
@Suite struct PriorTests {
    /// The optimum of Σ loss + l2 / 2 · Σ w² over a bias and one weight a category, by Newton's method.
    private static func optimum(_ rows: [Double], _ clicks: [Double], l2: Double) -> (bias: Double, weights: [Double]) {
        var bias = 0.0
        var weights = [Double](repeating: 0, count: rows.count)
        for _ in 0..<50 {
            let rates = weights.map { 1 / (1 + exp(-bias - $0)) }
            let slopes = rows.indices.map { rows[$0] * rates[$0] - clicks[$0] }
            let curvatures = rows.indices.map { rows[$0] * rates[$0] * (1 - rates[$0]) }
            var (numerator, denominator) = (0.0, 0.0)
            for index in rows.indices {
                let held = curvatures[index] + l2
                numerator += slopes[index] - curvatures[index] * (slopes[index] + l2 * weights[index]) / held
                denominator += curvatures[index] - curvatures[index] * curvatures[index] / held
            }
            let step = numerator / denominator
            bias -= step
            for index in rows.indices {
                let slope = slopes[index] + l2 * weights[index] - curvatures[index] * step
                weights[index] -= slope / (curvatures[index] + l2)
            }
        }
        return (bias, weights)
    }

    /// Of 60, 40, 20 and 10 rows; the clicks of each.
    private static let (rows, clicks) = ([60, 40, 20, 10], [6, 20, 15, 10])

    private static func table() throws -> Table {
        var (categories, labels): ([String?], [Double]) = ([], [])
        for index in rows.indices {
            categories += [String?](repeating: "v\(index)", count: rows[index])
            labels += (0..<rows[index]).map { $0 < clicks[index] ? 1 : 0 }
        }
        return try Table([("a", .text(categories)), ("label", .numeric(labels))])
    }

    private static func options(l2: Double) -> ModelOptions {
        var options = ModelOptions()
        (options.part, options.crosses, options.members, options.dropout) = (.wide, [], 1, 0)
        (options.earlyStopping, options.epochs, options.l2, options.wideLearningRate) = (false, 1500, l2, 0.5)
        return options
    }

    /// Whether bias and weights are the optimum's of so many times the table's rows.
    private static func expect(_ model: CTRModel, l2: Double, times: Double, within tolerance: Double) throws {
        let best = optimum(rows.map { times * Double($0) }, clicks.map { times * Double($0) }, l2: l2)
        // A prior of half the strength would be told from this one.
        let other = optimum(rows.map { times * Double($0) }, clicks.map { times * Double($0) }, l2: l2 / 2)
        #expect(zip(best.weights, other.weights).contains { abs($0 - $1) > 3 * tolerance })
        let network = try #require(model.fitted).ensemble.members[0]
        #expect(abs(Double(network.intercept) - best.bias) < tolerance)
        let linear = network.linearWeights
        #expect(linear.count == 1 && linear[0].weights.count == Vocabulary.reserved + rows.count)
        for (index, weight) in best.weights.enumerated() {
            let found = Double(linear[0].weights.base[Vocabulary.reserved + index])
            #expect(abs(found - weight) < tolerance, "\(index)")
        }
    }

    @Test(arguments: [0.5, 2, 8]) func manyEpochsComeToTheOptimum(l2: Double) throws {
        let model = try CTRModel(Self.options(l2: l2))
        try model.train(Self.table())
        try Self.expect(model, l2: l2, times: 1, within: 0.05)
    }

    /// The same rows once more are twice the loss, under the same prior.
    @Test func aContinuedTrainingSharesThePriorOutOverAllRows() throws {
        let model = try CTRModel(Self.options(l2: 4))
        try model.train(Self.table())
        try Self.expect(model, l2: 4, times: 1, within: 0.05)
        try model.continueTraining(Self.table())
        try Self.expect(model, l2: 4, times: 2, within: 0.05)
    }
}
