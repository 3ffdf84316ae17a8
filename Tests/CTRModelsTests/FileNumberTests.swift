import CTRKernels
import CTRTestSupport
import Testing

@testable import CTRModels
@testable import CTRNetwork

/// A file's numbers at their ends: counted on from, added up, multiplied.
@Suite struct FileNumberTests {
    private static func variant() throws -> FileVariant { try FileVariant(MadeModel.model().serialize()) }

    private static func continued(_ variant: FileVariant, epochs: Int = 3) throws -> CTRModel {
        let model = try CTRModel(bytes: variant.sealed())
        try model.changeOptions(json: #"{"epochs": \#(epochs), "early_stopping": false}"#)
        try model.continueTraining(MadeModel.table(rows: 40, seed: 2))
        let bytes = try model.serialize()
        #expect(try CTRModel(bytes: bytes).serialize() == bytes)
        return model
    }

    /// 2⁶³ − 1024 is the largest double that an Int holds: 1,100 epochs later nothing holds it.
    @Test func countsGoOnFromTheLargest() throws {
        var variant = try Self.variant()
        variant.set([.key("summary"), .key("history"), .index(0), .key("epoch")], .number(0x1p63 - 1024))
        let model = try Self.continued(variant, epochs: 1100)
        #expect(model.history.last?.epoch == Tally.most)
        for key in ["rows", "steps"] {
            var variant = try Self.variant()
            variant.set([.key("summary"), .key(key)], .number(0x1p63 - 1024))
            #expect(try Self.continued(variant).infoText.contains(#""\#(key)":9007199254740991"#))
        }
    }

    /// Counts at their largest are taken, stay there, and are saved and loaded again.
    @Test func countsStopAtTheLargest() throws {
        var variant = try Self.variant()
        let names = ["vocabulary.c.counts", "vocabulary.l.counts", "cross.c×m.pending.counts"]
        for name in names {
            let count = try variant.file.tensor(name).count
            variant.replace(name, Tensor([Int](repeating: Tally.most, count: count)))
        }
        for name in ["history.queries", "history.documents"] {
            variant.replace("\(name).clicks", Tensor([Tally.most, 0]))
            variant.replace("\(name).impressions", Tensor([Tally.most, Tally.most]))
        }
        let model = try Self.continued(variant)
        let again = try FileVariant(model.serialize())
        #expect(try again.file.tensor("vocabulary.c.counts").ints().contains(Tally.most))
        var history = try #require(model.fitted?.impressions)
        let column = CategoricalColumn(dictionary: StringTable(["q", "r"]), codes: [0, 1, 1])
        _ = history.queries.rates(of: column, clicked: [true, true, false], order: [0, 1, 2])
        #expect(history.queries.counts.allSatisfy { $0.clicks <= $0.impressions && $0.impressions == Tally.most })
        #expect(history.queries.counts.map(\.clicks) == [Tally.most, 0])
    }

    @Test func rareCombinationsCountUpToTheLargest() {
        var vocabulary = CrossVocabulary(arity: 2, minimumCount: .max)
        vocabulary.extend(combinations: [1, 2])
        let key = vocabulary.pending.keys.first ?? 0
        var full = CrossVocabulary(arity: 2, minimumCount: .max, members: [], pending: [key: Tally.most])
        full?.extend(combinations: [1, 2, 1, 2])
        #expect(full?.pending == [key: Tally.most])
        #expect(Tally.sum(.max, 1) == Tally.most && Tally.sum(2, 3) == 5)
    }

    /// What the options cannot have made is not taken, so that it is not saved either.
    @Test func anEmbeddingOfWidthOneBesideNoDimension() throws {
        var variant = try Self.variant()
        for prefix in ["", "members.1."] {
            let (rows, inputs) = (
                variant.shape("\(prefix)deep.c.embedding"), variant.shape("\(prefix)deep.layers.0.weight")
            )
            variant.reshapeBlock("\(prefix)deep.c.embedding", [rows[0]])
            variant.reshapeBlock("\(prefix)deep.layers.0.weight", [inputs[0] - 3, inputs[1]])
        }
        let error = #expect(throws: CTRError.self) { try CTRModel(bytes: variant.sealed()) }
        #expect(error?.code == .badModelFile && error?.message.contains("deep.c.embedding") == true)
        var options = MadeModel.options()
        options.embeddingDimension = 1
        let bytes = try MadeModel.model(options).serialize()
        #expect(try CTRModel(bytes: bytes).serialize() == bytes)
    }

    /// A continued model's embedding stays as narrow as it was, however many ids there are by now.
    @Test func anEmbeddingThatIsNarrowerThanItsIdsWouldHaveIt() throws {
        var options = ModelOptions()
        (options.hiddenUnits, options.epochs, options.members, options.crosses) = ([8], 1, 2, [])
        let model = try CTRModel(options)
        try model.train(MadeTable(rows: 200, sizes: [6]) { categories, _ in Double(categories[0]) - 3 }.table())
        try model.continueTraining(MadeTable(rows: 900, sizes: [300]) { _, _ in 0 }.table())
        let table = try #require(model.fitted?.ensemble.members[1].embeddings[0])
        #expect(table.width == 4 && ModelInputs.embeddingDimension(table.rows) == 12)
        let bytes = try model.serialize()
        #expect(try CTRModel(bytes: bytes).serialize() == bytes)
    }

    /// Finite weights whose sums are not: an error at every door, and nothing written.
    @Test(arguments: [
        ["bias", "wide.c.weight"], ["wide.c.weight", "wide.h.weight", "wide.m.weight"], ["bias", "members.1.bias"],
        ["deep.layers.0.weight", "deep.layers.1.weight", "deep.layers.2.weight"],
    ])
    func hugeWeights(names: [String]) throws {
        var variant = try Self.variant()
        for name in names {
            let shape = variant.shape(name)
            variant.replace(name, Tensor([Float](repeating: 3e38, count: shape.reduce(1, *)), shape: shape))
        }
        let model = try CTRModel(bytes: variant.sealed())
        let table = try MadeModel.table(rows: 50, seed: 2)
        for ask in [
            { _ = try model.predict(table) }, { _ = try model.predict(table.select(rows: [7])) },
            { _ = try model.explain(table.select(rows: [7])) },
        ] {
            let error = #expect(throws: CTRError.self) { try ask() }
            #expect(error?.code == .invalidData)
            #expect(error?.message.contains("weights are too large") == true, "\(error?.message ?? "")")
        }
        #expect(throws: CTRError.self) { try model.continueTraining(MadeModel.table(rows: 40, seed: 2)) }
    }

    /// Sums of squares that are too large to be finite are no state to save.
    @Test func anOptimisersStateThatOverflowsIsNotKept() throws {
        var variant = try Self.variant()
        variant.replace("wide.c.weight", Tensor([Float](repeating: 1e30, count: variant.shape("wide.c.weight")[0])))
        let model = try CTRModel(bytes: variant.sealed())
        _ = try? model.continueTraining(MadeModel.table(rows: 40, seed: 2))
        let bytes = try model.serialize()
        #expect(try CTRModel(bytes: bytes).serialize() == bytes)
    }

    /// 65,536 modes and edges took 19 s to load: the sums of each mode began anew.
    @Test func moreModesThanAColumnHasAreRefused() throws {
        for part in ["modes", "edges"] {
            var variant = try Self.variant()
            variant.replace("bins.m.\(part)", Tensor((0..<65536).map { Double($0) }))
            let error = #expect(throws: CTRError.self) { try CTRModel(bytes: variant.sealed()) }
            #expect(error?.code == .badModelFile)
            #expect(error?.message.contains("bins.m.\(part)") == true && error?.message.contains("65536") == true)
        }
    }
}
