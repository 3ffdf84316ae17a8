import CTRKernels
import CTRTestSupport
import Testing

@testable import CTRModels

/// Files from before a model had members and embeddings of bins.
@Suite struct OlderFileTests {
    /// x0 is 0 in every third row: with `binEmbeddings` it would have an embedding.
    private static func data(seed: UInt64 = 1) throws -> Table {
        var made = MadeTable(rows: 600, seed: seed, sizes: [6, 40], numbers: 1) { categories, numbers in
            0.6 * Double(categories[0] - 2) + 2 * numbers[0] - 1
        }
        for row in made.labels.indices where row % 3 == 0 { made.numbers[0][row] = 0 }
        return try made.table()
    }

    private static func trained() throws -> CTRModel {
        var options = ModelOptions()
        (options.crosses, options.hiddenUnits, options.epochs) = ([["c0", "c1"]], [8], 3)
        (options.members, options.binEmbeddings) = (1, false)
        let model = try CTRModel(options)
        try model.train(data())
        return model
    }

    /// The model's file with its stored options as an older library wrote them, and then changed.
    private static func older(
        _ model: CTRModel, _ change: (inout [(key: String, value: JSON)]) -> Void = { _ in }
    ) throws -> CTRModel {
        var file = try TensorFile(decoding: model.serialize())
        let at = try #require(file.metadata.firstIndex { $0.0 == ModelFile.key })
        var description = try #require(try JSON(parsing: file.metadata[at].1).objectValue)
        let place = try #require(description.firstIndex { $0.key == "options" })
        var options = try #require(description[place].value.objectValue)
        options.removeAll { ["members", "bin_embeddings"].contains($0.key) }
        change(&options)
        description[place].value = .object(options)
        file.metadata[at].1 = JSON.object(description).text
        return try CTRModel(bytes: file.encode())
    }

    @Test func predictsAndTrainsOnAsBefore() throws {
        let model = try Self.trained()
        let read = try Self.older(model)
        let table = try Self.data(seed: 2)
        #expect(read.options.members == 1 && !read.options.binEmbeddings)
        #expect(try read.predict(table).map(\.bitPattern) == model.predict(table).map(\.bitPattern))
        try read.continueTraining(table)
        try model.continueTraining(table)
        #expect(try read.predict(table).map(\.bitPattern) == model.predict(table).map(\.bitPattern))
    }

    /// Such a library took a new `min_count` for trainings to come, of whatever model: it says nothing of the embeddings
    /// that are there, which every listed value has.
    @Test func aMinimumCountSetAfterTrainingChangesNoPrediction() throws {
        let model = try Self.trained()
        let read = try Self.older(model) { options in
            for index in options.indices where options[index].key == "min_count" { options[index].value = 1000 }
        }
        let table = try Self.data(seed: 2)
        let (before, after) = (try model.predict(table), try read.predict(table))
        #expect(after == before)
    }

    /// Files were written that name, at any value, what their model does not read.
    @Test func whatAModelDoesNotReadIsPassedOver() throws {
        let stored = try ModelOptions(stored: JSON(parsing: #"{"model": "dcn", "cross_layers": 2, "l2": 5}"#))
        #expect(stored.crossLayers == 2 && stored.l2 == ModelOptions().l2)
        #expect(throws: CTRError.self) { try ModelOptions(json: #"{"model": "dcn", "l2": 5}"#) }
    }
}
