import CTRFeatures
import CTRKernels
import Testing

@testable import CTRModels

/// Categories seen too rarely for an embedding of their own.
@Suite struct RareCategoryTests {
    private static let (width, inputWidth, offset) = (3, 7, 2)

    /// Ids 3 and 5 are rare; row 2 of the list has a rare one, the unknown one, and one of its own.
    private static func rows() -> TrainingRows {
        var encoded = EncodedRows()
        (encoded.rowCount, encoded.slotCount) = (4, 1)
        encoded.ids = IndexBuffer([2, 3, 5, 1])
        encoded.lists = [EncodedList(offsets: [0, 1, 1, 4, 6], ids: [3, 5, 1, 4, 3, 2])]
        return TrainingRows(encoded)
    }

    private static func random(_ count: Int, _ seed: UInt64) -> FloatBuffer {
        var stream = RandomStream(seed: seed)
        return FloatBuffer((0..<count).map { _ in stream.nextFloat() * 2 - 1 })
    }

    private static func layer(_ source: IDSource) -> EmbeddingLayer {
        let table = Parameters(rows: 6, width: width)
        table.weights.assign(from: random(6 * width, 1))
        return EmbeddingLayer(name: "f", source: source, table: table, offset: offset) { $0 == 3 || $0 == 5 }
    }

    private static func input(_ layer: EmbeddingLayer, _ rows: TrainingRows, _ batch: [Int32]) -> FloatBuffer {
        var network = WideDeep(embeddings: [layer])
        network.inputWidth = inputWidth
        let input = FloatBuffer(count: batch.count * inputWidth)
        batch.withUnsafeBufferPointer { places in
            RowReader(network, using: .current).deepInput(
                rows, vl_selection(rows: places.baseAddress, first: 0, count: batch.count), into: input.base)
        }
        return input
    }

    @Test func theyReadTheUnknownIDsRow() {
        let layer = Self.layer(.slot(0))
        let weights = layer.table.weights.array
        for (row, wanted) in [2, 1, 1, 1].enumerated() {
            let input = Self.input(layer, Self.rows(), [Int32(row)])
            let expected = Array(weights[(wanted * Self.width)..<((wanted + 1) * Self.width)])
            #expect(Array(input.array[Self.offset..<(Self.offset + Self.width)]) == expected)
        }
    }

    @Test(arguments: [IDSource.slot(0), .list(0)]) func gradients(source: IDSource) {
        let (rows, layer) = (Self.rows(), Self.layer(source))
        let upstream = Self.random(4 * Self.inputWidth, 2)
        let batch: [Int32] = [2, 0, 3, 1, 2]
        let batchUpstream = FloatBuffer(
            batch.flatMap { row in
                (0..<Self.inputWidth).map { upstream.base[Int(row) * Self.inputWidth + $0] }
            })
        let gradient = LayerGradientTests.tableGradient(
            layer.table, source, rowOfID: layer.rowOfID, rows: rows, batch: batch,
            upstream: batchUpstream.base + Self.offset, stride: Self.inputWidth)
        func loss() -> Double {
            let input = Self.input(layer, rows, batch)
            return (0..<input.count).reduce(0) { $0 + Double(input.base[$1]) * Double(batchUpstream.base[$1]) }
        }
        let touched = (0..<6).filter { id in (0..<Self.width).contains { gradient[id * Self.width + $0] != 0 } }
        #expect(!touched.contains(3) && !touched.contains(5) && touched.contains(1))
        for index in 0..<(6 * Self.width) {
            let weight = layer.table.weights.base + index
            let kept = weight.pointee
            weight.pointee = kept + 0.01
            let above = loss()
            weight.pointee = kept - 0.01
            let below = loss()
            weight.pointee = kept
            #expect(abs((above - below) / 0.02 - Double(gradient[index])) < 1e-3)
        }
    }

    /// "twice" is seen twice, the others often; "never" only when asked about.
    private static func table(_ twice: Int = 2) throws -> Table {
        let categories = (0..<120).map { $0 < twice ? "twice" : "a\($0 % 4)" }
        return try Table([
            ("a", .text(categories)), ("b", .text(categories.indices.map { "b\($0 % 3)" })),
            ("label", .numeric(categories.indices.map { categories[$0] == "twice" || $0 % 4 == 1 ? 1 : 0 })),
        ])
    }

    private static func model(_ part: ModelOptions.Part, minimumCount: Int) throws -> CTRModel {
        var options = ModelOptions()
        (options.part, options.minimumCount, options.crosses, options.hiddenUnits) = (part, minimumCount, [], [6])
        (options.epochs, options.earlyStopping, options.members) = (6, false, 2)
        let model = try CTRModel(options)
        try model.train(table())
        return model
    }

    private static func answers(_ model: CTRModel) throws -> (twice: Double, never: Double, often: Double) {
        let asked = try Table([("a", .text(["twice", "never", "a1"])), ("b", .text(["b1", "b1", "b1"]))])
        let answers = try model.predict(asked)
        return (answers[0], answers[1], answers[2])
    }

    @Test func theDeepPartKnowsNoneOfThemFromAnother() throws {
        let rare = try Self.answers(Self.model(.deep, minimumCount: 3))
        #expect(rare.twice == rare.never && rare.twice != rare.often)
        let own = try Self.answers(Self.model(.deep, minimumCount: 2))
        #expect(own.twice != own.never)
    }

    @Test func theWidePartHasAWeightForEach() throws {
        let answers = try Self.answers(Self.model(.wide, minimumCount: 3))
        #expect(answers.twice > answers.never)
    }

    @Test func seenOftenEnoughItHasItsOwn() throws {
        let model = try Self.model(.deep, minimumCount: 3)
        try model.continueTraining(Self.table(1))
        let answers = try Self.answers(model)
        #expect(answers.twice != answers.never)
        let read = try Self.answers(CTRModel(bytes: model.serialize()))
        #expect(read == answers)
    }

    /// It does not jump: its embedding begins where the shared one is.
    @Test func itGoesOnFromTheUnknownIDs() throws {
        let model = try Self.model(.deep, minimumCount: 3)
        let before = try Self.answers(model)
        var options = model.options
        (options.deepLearningRate, options.wideLearningRate) = (1e-12, 1e-12)
        try model.setOptions(options)
        try model.continueTraining(Self.table(1))
        let after = try Self.answers(model)
        #expect(abs(after.twice - before.twice) < 1e-5 && abs(after.often - before.often) < 1e-5)
    }

    /// What it means is fixed with the model: other settings for trainings to come do not change an answer.
    @Test func aMinimumCountSetAfterTrainingChangesNothing() throws {
        let model = try Self.model(.deep, minimumCount: 2)
        let before = try Self.answers(model)
        var options = model.options
        options.minimumCount = 1000
        try model.setOptions(options)
        #expect(try Self.answers(CTRModel(bytes: model.serialize())) == before)
        #expect(model.options.minimumCount == 2 || model.fitted?.options.minimumCount == 2)
    }
}
