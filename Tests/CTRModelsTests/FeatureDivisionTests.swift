import CTRFeatures
import Testing

@testable import CTRModels

/// Which part a feature feeds where the schema is inferred, and what holds frequent ids.
@Suite struct FeatureDivisionTests {
    private static func table(values: Int) throws -> Table {
        let rows = 400
        return try Table([
            ("few", .text((0..<rows).map { "f\($0 % 5)" })),
            ("many", .text((0..<rows).map { "m\($0 % values)" })),
            ("number", .numeric((0..<rows).map { Double($0 * 37 % 101) })),
            ("label", .numeric((0..<rows).map { Double($0 * 7919 % 3 / 2) })),
        ])
    }

    private static func network(_ table: Table, _ change: (inout ModelOptions) -> Void = { _ in }) throws -> WideDeep {
        var options = ModelOptions()
        (options.epochs, options.hiddenUnits, options.members, options.crosses) = (1, [4], 1, [])
        change(&options)
        let model = try CTRModel(options)
        try model.train(table)
        return try #require(model.fitted).ensemble.members[0]
    }

    @Test func onlySparseCategoriesFeedTheWidePart() throws {
        let network = try Self.network(Self.table(values: 200))
        #expect(network.wide.map(\.name) == ["many"])
        #expect(network.embeddings.map(\.name) == ["few", "many"])
        #expect(network.numeric.count == 1)
        #expect(try Self.network(Self.table(values: 97)).wide.isEmpty)  // and missing and unknown: 99 ids
        #expect(try Self.network(Self.table(values: 98)).wide.map(\.name) == ["many"])
    }

    @Test func aModelOfOnePartHasEveryFeature() throws {
        let table = try Self.table(values: 20)
        #expect(try Self.network(table) { $0.part = .wide }.wide.map(\.name) == ["few", "many", "number"])
        let deep = try Self.network(table) { $0.part = .deep }
        #expect(deep.wide.isEmpty)
        #expect(deep.embeddings.map(\.name) == ["few", "many"])
    }

    /// Crosses are what the wide part is for: their weights are held no more for being frequent.
    @Test func crossesAreToldFromFeatures() throws {
        let network = try Self.network(Self.table(values: 200)) { $0.crosses = [["few", "many"]] }
        #expect(network.wide.map(\.name) == ["many", "few×many"] && network.wide.map(\.isCross) == [false, true])
    }

    @Test func whatIsSaidHolds() throws {
        let features = [FeatureSpec("few", .categorical, part: .wide), FeatureSpec("number", .numeric, part: .both)]
        let network = try Self.network(Self.table(values: 20)) { $0.features = features }
        #expect(network.wide.map(\.name) == ["few", "number"])
        #expect(network.embeddings.isEmpty)
    }

    /// l2 grows by its whole with each twenty rows of the weight.
    @Test func frequentIdsAreHeldMore() {
        func weight(l2: Double, frequency: Int) -> Float {
            let weight = OneWeight(0.1, -0.8, 0.5)
            weight.step(
                FTRL(learningRate: 0.5, l1: 0, l2: l2), gradient: 0.3, held: FTRL.held(frequency: Int32(frequency)))
            return weight.value
        }
        #expect(weight(l2: 2, frequency: 20) == weight(l2: 4, frequency: 0))
        #expect(weight(l2: 2, frequency: 100) == weight(l2: 12, frequency: 0))
        #expect(abs(weight(l2: 2, frequency: 100)) < abs(weight(l2: 2, frequency: 0)))
    }
}
