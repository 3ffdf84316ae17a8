import CTRKernels
import CTRTestSupport
import Testing

@testable import CTRModels
@testable import CTRNetwork

@Suite struct BinEmbeddingTests {
    /// x0 is 0 in every third row, x1 is never the same twice.
    private static func table() throws -> Table {
        var made = MadeTable(rows: 400, sizes: [3], numbers: 2) { _, numbers in numbers[0] < 0.3 ? 1 : -1 }
        for row in made.labels.indices where row % 3 == 0 { made.numbers[0][row] = 0 }
        return try made.table()
    }

    private static func trained(_ change: (inout ModelOptions) -> Void = { _ in }) throws -> CTRModel {
        var options = ModelOptions()
        (options.crosses, options.hiddenUnits, options.epochs) = ([], [8], 2)
        change(&options)
        let model = try CTRModel(options)
        try model.train(table())
        return model
    }

    private static func embeddings(_ model: CTRModel) throws -> [String: [Int]] {
        let fitted = try #require(model.fitted)
        return Dictionary(
            uniqueKeysWithValues: fitted.ensemble.members[0].embeddings.map { ($0.name, [$0.rows, $0.width]) })
    }

    @Test func aNumberWithModesHasOne() throws {
        let model = try Self.trained()
        let fitted = try #require(model.fitted)
        let found = try Self.embeddings(model)
        #expect(Set(found.keys) == ["c0", "x0"])
        guard case .numeric(let bins) = fitted.encoder.features[1].state else { return #expect(Bool(false)) }
        #expect(bins.modes == [0])
        #expect(found["x0"] == [bins.idCount, ModelInputs.binDimension])
        let names = try TensorFile(decoding: model.serialize()).tensors.map(\.name)
        #expect(names.contains("deep.x0.embedding") && names.contains("members.1.deep.x0.embedding"))
        #expect(!names.contains("deep.x1.embedding"))
        // Its rows are trained: the mode's is not the one it began with.
        let network = fitted.ensemble.members[0]
        let (shape, table) = try #require(network.blocks.first { $0.shape.name == "deep.x0.embedding" })
        let begun = Parameter(shape, seed: fitted.options.seed)
        #expect(Array(table.weights.array[4..<8]) != Array(begun.weights.array[4..<8]))
        // The missing value's is: none is missing.
        #expect(Array(table.weights.array[..<4]) == Array(begun.weights.array[..<4]))
    }

    @Test func theirWidthIsTheOptions() throws {
        #expect(try Self.embeddings(Self.trained { $0.embeddingDimension = 6 })["x0"]?[1] == 6)
    }

    @Test func withoutTheOptionThereIsNone() throws {
        let model = try Self.trained { $0.binEmbeddings = false }
        #expect(Set(try Self.embeddings(model).keys) == ["c0"])
        let again = try CTRModel(bytes: model.serialize())
        #expect(try again.predict(Self.table()) == model.predict(Self.table()))
        #expect(!again.options.binEmbeddings)
        #expect(try Self.embeddings(Self.trained { $0.part = .wide }).isEmpty)
    }

    @Test func theOptionIsReadAndWritten() throws {
        #expect(try !ModelOptions(json: #"{"bin_embeddings": false}"#).binEmbeddings)
        #expect(try ModelOptions(json: "{}").binEmbeddings)
        #expect(
            try ModelOptions(json: ModelOptions(json: #"{"bin_embeddings": false}"#).json.text).binEmbeddings == false)
        #expect(throws: CTRError.self) { try ModelOptions(json: #"{"bin_embeddings": 1}"#) }
    }
}
