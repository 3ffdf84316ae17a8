import CTRFeatures
import CTRKernels
import Testing

@testable import CTRModels

/// Categories seen too rarely for an embedding of their own.
@Suite struct RareCategoryTests {
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
