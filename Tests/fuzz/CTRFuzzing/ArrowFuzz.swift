import CTRFeatures
import CTRKernels
import CTRModels

/// Arrow schemas and arrays made from bytes (`HostileTable`), through every call that reads a table. Whatever they hold,
/// a call answers or refuses; reading values where they lie and reading the whole table give the same bits, or both refuse,
/// and a row's answer does not depend on the rows beside it.
package enum ArrowFuzz {
    package static func run(_ bytes: UnsafeRawBufferPointer) {
        let hostile = HostileTable(bytes)
        let table = ArrowTable(schema: hostile.schema, array: hostile.array)
        guard let models else { finding("the models that are asked cannot be trained") }
        for model in [models.first, models.second] { compare(table, hostile, model) }
        impressions(table, models.log)
        if hostile.asksForTraining { train(table, models.first) }
    }

    /// More rows than this stand in a table of nulls alone, which is only refused here.
    private static let mostRows = 2000

    private static func compare(_ table: ArrowTable, _ hostile: HostileTable, _ model: CTRModel) {
        let rows = (try? ArrowFrame(table).rowCount) ?? 1
        guard rows <= mostRows else {
            if (try? predict(table, model, count: 1)) != nil { finding("one answer for \(rows) rows") }
            if (try? model.explanationText(table)) != nil { finding("\(rows) rows were explained") }
            return
        }
        let direct = try? predict(table, model, count: rows)
        let whole = try? model.predict(model.read(table))
        guard direct == whole else {
            finding("straight from the buffers \(String(describing: direct)), whole \(String(describing: whole))")
        }
        if rows <= CTRModel.mostExplainedRows, ((try? model.explanationText(table)) != nil) != (whole != nil) {
            finding("predicted, not explained, or the other way round: \(String(describing: whole))")
        }
        guard let whole else { return }
        for row in 0..<min(rows, 8) {
            let one = hostile.withRow(row) { try? predict(table, model, count: 1) }
            // One row of many may be read where all of them are refused, but never the other way round.
            guard one == [whole[row]] else {
                finding("row \(row) alone \(String(describing: one)), else \(whole[row])")
            }
        }
    }

    private static func predict(_ table: ArrowTable, _ model: CTRModel, count: Int) throws(CTRError) -> [Double] {
        // One more than none, for an address.
        var answers = [Double](repeating: -7, count: max(count, 1))
        do throws(CTRError) {
            try model.predict(table, into: &answers, count: count)
        } catch {
            guard answers.allSatisfy({ $0 == -7 }) else { finding("refused, and written to: \(error.message)") }
            throw error
        }
        guard answers.prefix(count).allSatisfy({ (0...1).contains($0) }) else { finding("no probability: \(answers)") }
        return Array(answers.prefix(count))
    }

    private static func impressions(_ table: ArrowTable, _ model: CTRModel) {
        guard let log = try? model.read(table) else { return }
        guard let matrix = try? ImpressionFeatures.matrix(of: log) else { return }
        guard matrix.count == log.rowCount * ImpressionFeatures.count else { finding("\(matrix.count) features") }
        try? model.setHistory(log, mean: [], scale: [])
        try? model.extendHistory(log)
    }

    private static func train(_ table: ArrowTable, _ model: CTRModel) {
        var options = smallOptions
        options.crosses = nil
        guard let fresh = try? CTRModel(options), let copy = try? CTRModel(bytes: model.serialize()) else {
            finding("no model to train")
        }
        for (model, further) in [(fresh, false), (copy, true)] {
            guard let read = try? model.read(table),
                (try? further ? model.continueTraining(read) : model.train(read)) != nil
            else { continue }
            let rows = (try? ArrowFrame(table).rowCount) ?? 0
            if (try? predict(table, model, count: rows)) == nil { finding("a table that trains cannot be predicted") }
        }
    }

    // MARK: The models that are asked

    private static var smallOptions: ModelOptions {
        var options = ModelOptions()
        (options.hiddenUnits, options.epochs, options.threads, options.batchSize) = ([3], 1, 2, 64)
        (options.members, options.earlyStopping) = (1, false)
        return options
    }

    /// Of columns of every kind: each kind of feature reads x (numbers), c (text), l (lists) or e (nothing but nulls).
    private static let models: (first: CTRModel, second: CTRModel, log: CTRModel)? = {
        var stream = RandomStream(seed: 1)
        let rows = 200
        let numbers = (0..<rows).map { _ in Double(stream.nextIndex(below: 40)) / 4 }
        let words = (0..<rows).map { _ in "w\(stream.nextIndex(below: 9))" }
        let columns: [(String, Column)] = [
            ("x", .numeric(numbers)), ("c", .text(words)),
            ("l", .lists(words.map { [$0, "0"] })), ("e", .missing(count: rows)),
            ("label", .numeric(numbers.map { $0 > 5 ? 1 : 0 })),
        ]
        func trained(_ specs: [FeatureSpec], crosses: [[String]]) throws(CTRError) -> CTRModel {
            var options = smallOptions
            (options.features, options.crosses) = (specs, crosses)
            let model = try CTRModel(options)
            try model.train(Table(columns))
            return model
        }
        let first = [
            FeatureSpec("x", .numeric), FeatureSpec("c", .categorical), FeatureSpec("l", .multi),
            FeatureSpec("e", .numeric),
        ]
        let second = [
            FeatureSpec("xc", .categorical, columns: ["x"]), FeatureSpec("cl", .multi, columns: ["c"]),
            FeatureSpec("s", .multi, columns: ["x", "c", "e"]),
        ]
        guard let first = try? trained(first, crosses: [["x", "c"], ["c", "e"]]),
            let second = try? trained(second, crosses: []),
            let log = try? trained([FeatureSpec("x", .numeric)], crosses: [])
        else { return nil }
        return (first, second, log)
    }()
}
