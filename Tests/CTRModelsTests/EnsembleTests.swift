import CTRKernels
import CTRTestSupport
import Testing

@testable import CTRModels
@testable import CTRNetwork

@Suite struct EnsembleTests {
    private static func data(seed: UInt64 = 1) throws -> Table {
        try MadeTable(rows: 600, seed: seed, sizes: [6, 5], numbers: 1) { categories, numbers in
            0.6 * Double(categories[0] - 2) + 2 * numbers[0] - 1
        }.table()
    }

    private static func options(_ change: (inout ModelOptions) -> Void = { _ in }) -> ModelOptions {
        var options = ModelOptions()
        (options.crosses, options.hiddenUnits, options.epochs, options.members) = ([["c0", "c1"]], [8], 4, 3)
        change(&options)
        return options
    }

    private static func trained(_ change: (inout ModelOptions) -> Void = { _ in }) throws -> CTRModel {
        let model = try CTRModel(options(change))
        try model.train(data())
        return model
    }

    private static func weights(_ network: Network) -> [[Float]] { network.parameters.map(\.weights.array) }

    @Test func theLogitIsTheMeanOfTheMembers() throws {
        let model = try Self.trained()
        let fitted = try #require(model.fitted)
        let table = try Self.data(seed: 2)
        let rows = TrainingRows(try fitted.encoder.encode(table))
        let logits = try fitted.ensemble.members.map { member in
            let logits = FloatBuffer(count: rows.rowCount)
            try Ensemble([member]).logits(rows, range: 0..<rows.rowCount, into: logits.base)
            return logits.array
        }
        #expect(logits.count == 3)
        for (row, probability) in try model.predict(table).enumerated() {
            let mean = logits.reduce(0.0) { $0 + Double($1[row]) } / 3
            #expect(abs(DenseKernels.probability(Float(mean)) - probability) < 1e-6)
        }
    }

    @Test func membersDiffer() throws {
        let members = try #require(try Self.trained().fitted).ensemble.members
        for (first, second) in [(0, 1), (0, 2), (1, 2)] {
            #expect(Self.weights(members[first]) != Self.weights(members[second]))
        }
    }

    /// The first stopped early, on the training part; the others saw all rows, for as many epochs as it took.
    @Test func eachMemberIsAModelOfItsOwn() throws {
        let members = try #require(try Self.trained { $0.members = 2 }.fitted).ensemble.members
        let first = try #require(
            try Self.trained {
                ($0.members, $0.refit) = (1, false)
            }.fitted)
        #expect(Self.weights(members[0]) == Self.weights(first.ensemble.members[0]))
        let second = try #require(
            try Self.trained {
                $0 = Ensemble.options($0, of: 1)
                ($0.members, $0.earlyStopping, $0.epochs) = (1, false, first.summary.bestEpoch)
            }.fitted)
        #expect(Self.weights(members[1]) == Self.weights(second.ensemble.members[0]))
    }

    @Test func filesKeepEveryMember() throws {
        let model = try Self.trained()
        let again = try CTRModel(bytes: model.serialize())
        let table = try Self.data(seed: 2)
        #expect(again.fitted?.ensemble.members.count == 3)
        #expect(try again.predict(table).map(\.bitPattern) == model.predict(table).map(\.bitPattern))
        #expect(try again.serialize() == model.serialize())
        try again.continueTraining(table)
        try model.continueTraining(table)
        #expect(try again.predict(table).map(\.bitPattern) == model.predict(table).map(\.bitPattern))
        let names = try TensorFile(decoding: model.serialize()).tensors.map(\.name)
        #expect(names.contains("bias") && names.contains("members.1.bias") && names.contains("members.2.bias"))
        #expect(!names.contains("members.0.bias") && !names.contains("members.3.bias"))
    }

    @Test func aFileThatLacksAMemberIsRefused() throws {
        var file = try TensorFile(decoding: Self.trained().serialize())
        file.tensors.removeAll { $0.name == "members.2.bias" }
        let error = #expect(throws: CTRError.self) { try CTRModel(bytes: file.encode()) }
        #expect(error?.code == .badModelFile)
        #expect(error?.message.contains("members.2.bias") == true)
    }

    @Test func continuedTrainingTrainsEveryMember() throws {
        let model = try Self.trained { $0.earlyStopping = false }
        let before = try #require(model.fitted).ensemble.members.map(Self.weights)
        try model.continueTraining(Self.data(seed: 2))
        let after = try #require(model.fitted).ensemble.members.map(Self.weights)
        #expect(after.count == 3)
        for (old, new) in zip(before, after) {
            #expect(old.count == new.count)
            for (old, new) in zip(old, new) { #expect(old != new) }
        }
        for (first, second) in [(0, 1), (0, 2), (1, 2)] { #expect(after[first] != after[second]) }
    }

    @Test(arguments: [1, 5, 9]) func aTrainingCancelledInWhicheverMemberLeavesTheModel(ended: Int) throws {
        let model = try Self.trained { $0.earlyStopping = false }
        let table = try Self.data(seed: 2)
        let before = try model.predict(table)
        for train in [model.continueTraining, model.train] {
            var epochs = 0
            let error = #expect(throws: CTRError.self) {
                _ = try train(table) {
                    if $0.rowsDone == $0.rows { epochs += 1 }
                    return epochs < ended
                }
            }
            #expect(error?.code == .cancelled)
            #expect(epochs == ended)
            #expect(try model.predict(table) == before)
            #expect(model.history.count == 4)
        }
    }

    @Test func theSameBitsOnOneThreadAndOnTwo() throws {
        let table = try Self.data(seed: 2)
        let answers = try [1, 2, 2].map { threads in
            let model = try Self.trained { $0.threads = threads }
            try model.continueTraining(table)
            return try model.predict(table).map(\.bitPattern)
        }
        #expect(answers[1] == answers[0] && answers[2] == answers[0])
        let other = try Self.trained { $0.seed = 1 }
        try other.continueTraining(table)
        #expect(try other.predict(table).map(\.bitPattern) != answers[0])
    }

    @Test func theNumberOfMembersIsOfTheModelsMaking() throws {
        let model = try Self.trained()
        try model.setOptions(Self.options { $0.members = 1 })
        #expect(model.fitted?.options.members == 3)
        try model.continueTraining(Self.data())
        #expect(model.fitted?.ensemble.members.count == 3)
    }

    @Test(arguments: [0, -1, 65]) func aNumberOutOfRangeIsAnError(members: Int) throws {
        let error = #expect(throws: CTRError.self) { try CTRModel(Self.options { $0.members = members }) }
        #expect(error?.code == .invalidArgument)
        #expect(error?.message.contains("members") == true)
    }

    /// As in a first training: an epoch that was told is not told again by the next member.
    @Test func progressCountsOn() throws {
        let model = try CTRModel(Self.options { $0.earlyStopping = false })
        func told(_ train: (@escaping CTRModel.Progress) throws -> Void) rethrows -> [Int] {
            var epochs: [Int] = []
            try train {
                if epochs.last != $0.epoch { epochs.append($0.epoch) }
                return true
            }
            return epochs
        }
        #expect(try told { _ = try model.train(Self.data(), progress: $0) } == Array(1...12))
        let continued = try told { _ = try model.continueTraining(Self.data(), progress: $0) }
        #expect(continued == Array(1...12))
    }
}
