import CTRKernels
import Testing

@testable import CTRNetwork

@Suite struct ThreadTests {
    /// Of shards, dropout and updates that the threads share.
    @Test(arguments: MadeNetwork.all) func theSameBitsOnAnyNumber(network: MadeNetwork) throws {
        func bits(threads: Int) throws -> [[UInt32]] {
            try network.trained(rows: 200, steps: 3, dropout: 0.2, threads: threads).parameters.flatMap { block in
                [block.weights, block.state1, block.state2, block.average].map { $0.array.map(\.bitPattern) }
            }
        }
        let one = try bits(threads: 1)
        let begun = try network.network().parameters.map { $0.weights.array.map(\.bitPattern) }
        #expect(zip(begun, stride(from: 0, to: one.count, by: 4)).allSatisfy { $0 != one[$1] })
        for threads in [2, 3] { #expect(try bits(threads: threads) == one) }
    }
}
