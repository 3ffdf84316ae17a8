import CTRFeatures
import CTRKernels
import CTRTestSupport
import Testing

@testable import CTRNetwork

@Suite struct FrequencyTests {
    /// The weight of an id after a step of FTRL on twenty rows that have it.
    private static func weight(l2: Double, countsRows: Bool, occurrences: [Int] = []) throws -> Float {
        var blueprint = Blueprint()
        let (intercept, rows) = (blueprint.intercept(), 20)
        let table = blueprint.table(
            "wide.f.weight", .linear, "f", rows: 4, width: 1,
            TableSource(source: .slot(0), isRare: nil, countsRows: countsRows))
        let linear = blueprint.linear(
            intercept, [LinearFeature(name: "f", source: .slot(0), parameter: table)])
        blueprint.add(terms: [(.linear, linear)])
        let network = try Network(blueprint) { Parameter($0, seed: 1) }
        for block in network.parameters { block.startAverage() }
        let ftrl = FTRL(learningRate: 0.5, l1: 0, l2: l2)
        let ones = FloatBuffer([Float](repeating: 1, count: rows))
        let batch = (0..<rows).map { Int32($0) }
        let plan = try TrainingPlan(
            network, TrainingRows(EncodedRows(column: [Int32](repeating: 3, count: rows))),
            Targets(labels: ones, weights: ones), training: batch,
            TrainingPlan.Settings(
                batchSize: rows, dropout: 0, seed: 1,
                optimizers: OptimizerSet(intercept: ftrl, linear: ftrl, deep: ftrl),
                averaging: Averaging(horizon: 10, warmUp: false), threads: 1,
                occurrences: [ExactText("f"): occurrences]))
        let losses = FloatBuffer(count: rows)
        batch.withUnsafeBufferPointer { plan.run($0, step: 1, losses: losses.base) }
        return network.parameters[table].weights.base[3]
    }

    /// Twenty rows double the penalty; where earlier trainings had more, these count.
    @Test func aWeightIsHeldByItsRows() throws {
        let free = try Self.weight(l2: 1, countsRows: false)
        #expect(try free > Self.weight(l2: 1, countsRows: true) && free > 0)
        #expect(try Self.weight(l2: 1, countsRows: true) == Self.weight(l2: 2, countsRows: false))
        #expect(
            try Self.weight(l2: 1, countsRows: true, occurrences: [1, 60]) == Self.weight(l2: 4, countsRows: false))
        #expect(
            try Self.weight(l2: 1, countsRows: true, occurrences: [60, 1]) == Self.weight(l2: 2, countsRows: false))
    }
}
