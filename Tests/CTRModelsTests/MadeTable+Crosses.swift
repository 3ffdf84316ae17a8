import CTRTestSupport

@testable import CTRModels

extension MadeTable {
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
