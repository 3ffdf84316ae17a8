import CTRFeatures
import Testing

@testable import CTRModels
@testable import CTRNetwork

/// Which part a feature feeds where the schema is inferred.
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

    private static func network(_ table: Table, _ change: (inout ModelOptions) -> Void = { _ in }) throws -> Network {
        var options = ModelOptions()
        (options.epochs, options.hiddenUnits, options.members, options.crosses) = (1, [4], 1, [])
        change(&options)
        let model = try CTRModel(options)
        try model.train(table)
        return try #require(model.fitted).ensemble.members[0]
    }

    @Test func onlySparseCategoriesFeedTheWidePart() throws {
        let network = try Self.network(Self.table(values: 200))
        #expect(network.linear.map(\.name) == ["many"])
        #expect(network.embeddings.map(\.name) == ["few", "many"])
        #expect(network.numbers.map(\.name) == ["number"])
        #expect(try Self.network(Self.table(values: 97)).linear.isEmpty)  // and missing and unknown: 99 ids
        #expect(try Self.network(Self.table(values: 98)).linear.map(\.name) == ["many"])
    }

    @Test func aModelOfOnePartHasEveryFeature() throws {
        let table = try Self.table(values: 20)
        #expect(try Self.network(table) { $0.part = .wide }.linear.map(\.name) == ["few", "many", "number"])
        let deep = try Self.network(table) { $0.part = .deep }
        #expect(deep.linear.isEmpty)
        #expect(deep.embeddings.map(\.name) == ["few", "many"])
    }

    /// Crosses are what the wide part is for: their weights are held no more for being frequent.
    @Test func crossesAreToldFromFeatures() throws {
        let network = try Self.network(Self.table(values: 200)) { $0.crosses = [["few", "many"]] }
        #expect(network.linear.map(\.name) == ["many", "few×many"])
        #expect(network.linear.map { network.blueprint.sources[$0.parameter]?.countsRows } == [true, false])
    }

    @Test func whatIsSaidHolds() throws {
        let features = [FeatureSpec("few", .categorical, part: .wide), FeatureSpec("number", .numeric, part: .both)]
        let network = try Self.network(Self.table(values: 20)) { $0.features = features }
        #expect(network.linear.map(\.name) == ["few", "number"])
        #expect(network.embeddings.isEmpty)
    }
}
