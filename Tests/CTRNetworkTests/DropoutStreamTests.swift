import CTRKernels
import Testing

@testable import CTRNetwork

@Suite struct DropoutStreamTests {
    /// The logits of the same row over and over, in two shards a stream.
    private static func logits(step: Int) throws -> [Float] {
        let (network, made) = (try MadeNetwork.tower.network(), MadeRows(128))
        for block in network.parameters { block.startAverage() }
        let none = Adam(learningRate: 0)
        let plan = try TrainingPlan(
            network, made.rows, made.targets, training: made.all,
            TrainingPlan.Settings(
                batchSize: 128, dropout: 0.5, seed: 1,
                optimizers: OptimizerSet(intercept: none, linear: none, deep: none),
                averaging: Averaging(horizon: 10, warmUp: false), threads: 1))
        let losses = FloatBuffer(count: 128)
        [Int32](repeating: 7, count: 128).withUnsafeBufferPointer { plan.run($0, step: step, losses: losses.base) }
        return Array(UnsafeBufferPointer(start: plan.outputs, count: 128))
    }

    @Test func eachStepStreamAndShardDropsOtherUnits() throws {
        let first = try Self.logits(step: 1)
        #expect(try Self.logits(step: 1) == first)
        let second = try Self.logits(step: 2)
        var parts: Set<[Float]> = []
        for start in stride(from: 0, to: 128, by: 32) {
            for logits in [first, second] { parts.insert(Array(logits[start..<start + 32])) }
        }
        #expect(parts.count == 8)
    }
}
