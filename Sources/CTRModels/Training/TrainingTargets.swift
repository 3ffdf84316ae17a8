import CTRFeatures
import CTRKernels
import CTRNetwork

/// The columns that a training needs beside the features'.
struct TrainingTargets {
    let labels: [Bool]
    let weights: [Double]
    let time: [Double]?
    let replayed: [Bool]?
    let names: [String]

    init(_ table: Table, options: ModelOptions) throws(CTRError) {
        guard table.rowCount >= 2 else {
            throw .invalidData("the table has \(table.rowCount) rows; training needs at least one of each class")
        }
        labels = try Labels.read(options.label, from: table)
        var names = [options.label]
        if let name = options.weight {
            names.append(name)
            weights = try Self.numbers(name, "weight", in: table)
            if let row = weights.firstIndex(where: { $0 < 0 }) {
                throw .invalidData("weight column '\(name)', row \(row) (from 0): \(weights[row]) is negative")
            }
        } else {
            try Memory.require(Memory.bytes(table.rowCount, each: 8), for: "the weights of \(table.rowCount) rows")
            weights = [Double](repeating: 1, count: table.rowCount)
        }
        let total = weights.reduce(0, +)
        guard total.isFinite else {
            throw .invalidData(
                "the weights in column '\(options.weight ?? "")' add up to \(total); give them a mean near 1")
        }
        if let name = options.time {
            names.append(name)
            time = try Self.numbers(name, "time", in: table)
        } else {
            time = nil
        }
        if let name = options.replay {
            names.append(name)
            replayed = try Labels.read(name, "replay", from: table)
        } else {
            replayed = nil
        }
        self.names = names
    }

    /// The rows of some weight that are not replayed, and their weighted click rate.
    func counted(without replayed: [Bool]?) -> (rows: Int, clickRate: Double) {
        var (rows, clicks, total) = (0, 0.0, 0.0)
        for (row, weight) in weights.enumerated() where weight > 0 && !(replayed?[row] ?? false) {
            rows += 1
            total += weight
            if labels[row] { clicks += weight }
        }
        return (rows, total > 0 ? clicks / total : 0)
    }

    private static func numbers(_ name: String, _ role: String, in table: Table) throws(CTRError) -> [Double] {
        let column = table.column(name)
        if case .missing(let rows) = column, rows > 0 {
            throw .invalidData("\(role) column '\(name)', row 0 (from 0) is missing")
        }
        // A number a row, and one a text where a column of large integers was read as texts.
        try Memory.require(Memory.bytes(table.rowCount, each: 24), for: "the \(role)s of \(table.rowCount) rows")
        guard let values = column?.asNumeric() else {
            throw .invalidData("the table has no column of numbers '\(name)' for the \(role)")
        }
        if let row = values.firstIndex(where: \.isNaN) {
            throw .invalidData("\(role) column '\(name)', row \(row) (from 0) is missing")
        }
        return values
    }
}
