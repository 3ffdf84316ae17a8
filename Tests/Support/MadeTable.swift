import CTRFeatures
import CTRKernels

/// A seeded table of categorical columns c0, c1, … and numeric ones x0, x1, …, uniform and independent; a row is clicked
/// with the probability of the logit that the test gives it.
package struct MadeTable {
    package var categories: [[Int]]
    package var numbers: [[Double]]
    package var labels: [Bool] = []

    package init(
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

    package func table() throws(CTRError) -> Table {
        try Table(
            categories.enumerated().map { ("c\($0)", .text($1.map { value in "v\(value)" })) }
                + numbers.enumerated().map { ("x\($0)", .numeric($1)) }
                + [("label", .numeric(labels.map { $0 ? 1 : 0 }))])
    }
}
