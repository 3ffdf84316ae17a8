import Testing

@testable import CTRModels

/// A file that a library has written once, every later one reads: see Tests/fixtures/models/make.py.
@Suite struct FormatFixtureTests {
    private static let folder =
        "\(#filePath.dropLast("CTRModelsTests/FormatFixtureTests.swift".count))fixtures/models"

    private static func table(_ columns: JSON) throws -> Table {
        var made: [(String, Column)] = []
        for (name, values) in columns.objectValue ?? [] {
            let values = values.arrayValue ?? []
            switch name {
            case "c": made.append((name, .text(values.map(\.stringValue))))
            case "l": made.append((name, .lists(values.map { ($0.arrayValue ?? []).compactMap(\.stringValue) })))
            default: made.append((name, .numeric(values.map { $0.doubleValue ?? .nan })))
            }
        }
        return try Table(made)
    }

    /// By the commit that wrote it and the model: the first of all, the first with metadata, the first with members and
    /// bins' embeddings, the last before files were checked whole, and the first of format 2, with the models there were.
    @Test(
        arguments: ["59a1fbb", "195f5cd", "075142f", "d63d5b0", "fbda6b8"].flatMap { commit in
            ["both", "deep", "wide"].map { "\(commit)-\($0)" }
        } + ["lr", "fm", "deepfm", "dcn", "dcn_v2"].map { "fbda6b8-\($0)" })
    func everyFileLoadsForEver(name: String) throws {
        let golden = try JSON(parsing: FileIO.read("\(Self.folder)/\(name).json"))
        let bytes = try FileIO.read("\(Self.folder)/\(name).safetensors")
        let model = try CTRModel(bytes: bytes)
        let table = try Self.table(golden["columns"] ?? .null)
        let expected = (golden["probabilities"]?.arrayValue ?? []).compactMap(\.doubleValue)
        #expect(expected.count == 24)
        // Instruction sets differ in rounding.
        for (found, wanted) in zip(try model.predict(table), expected) { #expect(abs(found - wanted) < 1e-5) }
        let again = try CTRModel(bytes: model.serialize())
        #expect(try again.predict(table) == model.predict(table))
        try model.continueTraining(table)
        #expect(try CTRModel(bytes: model.serialize()).predict(table) == model.predict(table))
        if name.hasSuffix("both") {
            #expect(model.fitted?.impressions?.queries.counts.count == 2)
            #expect(model.fitted?.metadata == (name.hasPrefix("59a1fbb") ? "" : "kept 点"))
        }
    }

    @Test func aNewerFormatIsRefusedByName() throws {
        var variant = try FileVariant(FileIO.read("\(Self.folder)/d63d5b0-wide.safetensors"))
        variant.set([.key("format")], .number(Double(ModelFile.format + 1)))
        let error = #expect(throws: CTRError.self) { try CTRModel(bytes: variant.sealed()) }
        #expect(error?.code == .badModelFile)
        #expect(error?.message.contains("format \(ModelFile.format + 1)") == true)
        #expect(error?.message.contains("install a newer ctr-models") == true)
    }
}
