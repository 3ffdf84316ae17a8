import CTRKernels
import Testing

@testable import CTRNetwork

@Suite struct GradientTests {
    /// Of 9 rows nothing is looked up, of 40 numbers are, of 72 categories of few ids are as well; 40 rows are two
    /// shards, 72 three.
    @Test(arguments: MadeNetwork.all, [9, 40, 72]) func areThoseOfTheLoss(network: MadeNetwork, rows: Int) throws {
        try GradientCheck(network, rows: rows).run()
    }

    @Test(arguments: [MadeNetwork.tower, .aLayerReadTwice]) func areThoseOfTheUnitsThatAreLeft(
        network: MadeNetwork
    ) throws {
        try GradientCheck(network, rows: 40, dropout: 0.3).run()
    }
}
