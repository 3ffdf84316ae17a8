import CTRKernels

@testable import CTRModels

/// A seeded table of categorical columns c0, c1, … and numeric ones x0, x1, …, uniform and independent; a row is clicked
/// with the probability of the logit that the test gives it.
struct MadeTable {
    var categories: [[Int]]
    var numbers: [[Double]]
    var labels: [Bool] = []

    init(
        rows: Int, seed: UInt64 = 1, sizes: [Int], numbers count: Int = 0,
        logit: (_ categories: [Int], _ numbers: [Double]) -> Double
    ) {
        var stream = RandomStream(seed: seed)
        categories = sizes.map { _ in [] }
        numbers = (0..<count).map { _ in [] }
        for _ in 0..<rows {
            let drawn = sizes.map { stream.nextIndex(below: $0) }
            let values = (0..<count).map { _ in Double(stream.nextFloat()) }
            for (column, value) in drawn.enumerated() { categories[column].append(value) }
            for (column, value) in values.enumerated() { numbers[column].append(value) }
            labels.append(stream.nextFloat() < DenseKernels.sigmoid(Float(logit(drawn, values))))
        }
    }

    func table() throws(CTRError) -> Table {
        try Table(
            categories.enumerated().map { ("c\($0)", .text($1.map { value in "v\(value)" })) }
                + numbers.enumerated().map { ("x\($0)", .numeric($1)) }
                + [("label", .numeric(labels.map { $0 ? 1 : 0 }))])
    }

    /// The crosses that the search finds by itself, without any training of the whole model.
    func crosses(
        weights: [Double]? = nil, _ change: (inout ModelOptions) -> Void = { _ in }
    ) throws(CTRError) -> [CrossSearch.Found] {
        var options = ModelOptions()
        change(&options)
        let table = try table()
        let specs =
            categories.indices.map { FeatureSpec("c\($0)", .categorical) }
            + numbers.indices.map { FeatureSpec("x\($0)", .numeric) }
        let encoder = try FeatureEncoder(fitting: table, specs: specs)
        return try CrossSearch(
            encoder: encoder, rows: encoder.encode(table), labels: labels,
            weights: weights ?? [Double](repeating: 1, count: labels.count), options: options
        ).run()
    }
}
