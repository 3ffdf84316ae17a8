import CTRKernels
import Testing

@testable import CTRModels

/// Files that are consistent but for one thing, under a right checksum: each is refused by name, or is a model that works.
@Suite struct FileVariantTests {
    private static let made = Result { try MadeModel.model().serialize() }

    /// What a model that loaded must be able to do, with finite answers in 0...1: predict, explain, train on, save, load. Where
    /// its numbers are too large, an error says so.
    private static func use(_ model: CTRModel, trains: Bool) throws {
        let table = try MadeModel.table(rows: 8, seed: 2)
        func predict(_ model: CTRModel) throws -> [UInt64]? {
            switch Result(catching: { () throws(CTRError) in try model.predict(table) }) {
            case .failure(let error):
                #expect(error.code == .invalidData && error.message.contains("diverged"), "\(error)")
                return nil
            case .success(let probabilities):
                #expect(probabilities.allSatisfy { (0...1).contains($0) })
                let rows = try (0..<2).map { try model.predict(table.select(rows: [$0]))[0] }
                #expect(rows.map(\.bitPattern) == probabilities.prefix(2).map(\.bitPattern))
                return probabilities.map(\.bitPattern)
            }
        }
        func saveAndLoad(_ model: CTRModel) throws {
            let bytes = try model.serialize()
            let again = try CTRModel(bytes: bytes)
            #expect(try again.serialize() == bytes)
            #expect(try predict(again) == predict(model))
            #expect(again.infoText == model.infoText)
        }
        if try predict(model) != nil {
            #expect(try JSON(parsing: model.explanationText(table)).arrayValue?.count == table.rowCount)
        }
        try saveAndLoad(model)
        guard trains else { return }
        try model.changeOptions(json: #"{"epochs": 1, "batch_size": 16, "n_jobs": 1, "early_stopping": false}"#)
        switch Result(catching: { () throws(CTRError) in try model.continueTraining(table) }) {
        case .failure(let error): #expect([.invalidData, .invalidArgument].contains(error.code), "\(error)")
        case .success: try saveAndLoad(model)
        }
    }

    /// The message if the variant is refused, nil if it is a model that works.
    private static func outcome(_ variant: FileVariant, _ name: String, trains: Bool) -> String? {
        switch Result(catching: { () throws(CTRError) in try CTRModel(bytes: variant.sealed()) }) {
        case .failure(let error):
            #expect(error.code == .badModelFile, "\(name): \(error)")
            return error.message
        case .success(let model):
            do { try use(model, trains: trains) } catch { Issue.record("\(name): \(error)") }
            return nil
        }
    }

    @Test func theFileItselfWorks() throws {
        #expect(Self.outcome(try FileVariant(Self.made.get()), "as it is", trains: true) == nil)
    }

    @Test func oneField() throws {
        let base = try FileVariant(Self.made.get())
        var (refused, accepted) = (0, 0)
        for (index, edit) in base.fieldEdits.enumerated() where index % 2 == 0 {
            var variant = base
            edit.body(&variant)
            if variant.description == base.description { continue }
            if let message = Self.outcome(variant, edit.name, trains: index % 16 == 0) {
                refused += 1
                #expect(message.contains(" "), "\(edit.name): \(message)")
            } else {
                accepted += 1
            }
        }
        #expect(refused > 500 && accepted > 100, "\(refused) refused, \(accepted) accepted")
    }

    @Test func oneTensor() throws {
        let base = try FileVariant(Self.made.get())
        var refused = 0
        for (index, edit) in base.tensorEdits.enumerated() where index % 2 == 0 {
            var variant = base
            edit.body(&variant)
            guard let message = Self.outcome(variant, edit.name, trains: index % 16 == 0) else { continue }
            refused += 1
            // The tensor's own name, or that of one which no longer fits it.
            let name = edit.name.prefix { $0 != " " && $0 != "[" }.split(separator: ".").dropLast().joined(
                separator: ".")
            let others = ["deep.", "wide.", "cross", "belongs to"]
            #expect(([name] + others).contains { message.contains($0) }, "\(edit.name): \(message)")
        }
        #expect(refused > 500, "\(refused) refused")
    }

    @Test func shapesThatFitEachOther() throws {
        let base = try FileVariant(Self.made.get())
        for edit in base.matchingEdits {
            var variant = base
            edit.body(&variant)
            let message = Self.outcome(variant, edit.name, trains: true)
            // A number's bins are free within the options; embeddings and layers are not.
            if !edit.name.hasPrefix("bins") {
                #expect(message != nil, "\(edit.name)")
            }
        }
    }

    /// As a file of the issue was: the second member's embedding is wider, its first layer with it.
    @Test func membersOfOtherShapes() throws {
        var variant = try FileVariant(Self.made.get())
        let inputs = variant.shape("members.1.deep.layers.0.weight")
        let rows = variant.shape("members.1.deep.c.embedding")[0]
        variant.reshapeBlock("members.1.deep.c.embedding", [rows, 4096])
        variant.reshapeBlock("members.1.deep.layers.0.weight", [inputs[0] + 4092, inputs[1]])
        let message = Self.outcome(variant, "4096 wide", trains: true)
        #expect(message?.contains("members.1.deep.c.embedding") == true && message?.contains("4096") == true)
    }

    @Test func severalThings() throws {
        let base = try FileVariant(Self.made.get())
        let edits = base.fieldEdits + base.tensorEdits + base.matchingEdits
        var stream = RandomStream(seed: 3)
        for round in 0..<800 {
            var variant = base
            var names: [String] = []
            for _ in 0..<(2 + round % 2) {
                let edit = edits[stream.nextIndex(below: edits.count)]
                edit.body(&variant)
                names.append(edit.name)
            }
            _ = Self.outcome(variant, names.joined(separator: "; "), trains: round % 16 == 0)
        }
    }
}
