import CArrow
import Glibc

/// Which of a table's columns each feature reads, found by the columns' names. Tables that come one after the other
/// mostly have the same columns: then it is enough to compare the names.
final class TableLayout: Sendable {
    /// The columns' names, each with a NUL.
    private let names: [CChar]
    private let begins: [Int]
    /// The scalar features that read each column; column i's are `readers[bounds[i]..<bounds[i + 1]]`.
    let readers: [Int]
    let bounds: [Int]
    /// The column of each of the readers.
    let columns: [Int]
    /// The multi-valued features, and the columns that each reads.
    let lists: [(feature: Int, columns: [Int])]
    /// Whether a multi-valued feature reads the column.
    let isListed: [Bool]

    /// Nil where the table is not what the features ask for.
    init?(_ frame: ArrowFrame, _ features: [FeatureEncoder.Feature]) {
        let columns = frame.columnCount
        var (names, begins): ([CChar], [Int]) = ([], [])
        var indices: [ExactText: Int] = [:]
        for index in 0..<columns {
            guard let text = Self.name(frame, index), let name = String(validatingCString: text),
                indices.updateValue(index, forKey: ExactText(name)) == nil
            else { return nil }
            begins.append(names.count)
            names += UnsafeBufferPointer(start: text, count: strlen(text) + 1)
        }
        var read = [[Int]](repeating: [], count: columns)
        var isListed = [Bool](repeating: false, count: columns)
        var lists: [(feature: Int, columns: [Int])] = []
        for (index, feature) in features.enumerated() {
            var own: [Int] = []
            for name in feature.spec.columns {
                guard let column = indices[ExactText(name)] else { return nil }
                own.append(column)
            }
            if case .multi = feature.state {
                lists.append((index, own))
                for column in own { isListed[column] = true }
            } else {
                guard let first = own.first else { return nil }
                read[first].append(index)
            }
        }
        var bounds = [0]
        for column in read { bounds.append((bounds.last ?? 0) + column.count) }
        readers = read.flatMap { $0 }
        self.columns = read.enumerated().flatMap { index, own in own.map { _ in index } }
        (self.names, self.begins, self.bounds, self.lists, self.isListed) = (names, begins, bounds, lists, isListed)
    }

    /// Whether a table's columns have these names in this order.
    func isOf(_ frame: ArrowFrame) -> Bool {
        guard frame.columnCount == begins.count else { return false }
        return names.withUnsafeBufferPointer { names in
            guard let base = names.baseAddress else { return true }
            for index in begins.indices {
                guard let name = Self.name(frame, index), strcmp(name, base + begins[index]) == 0 else { return false }
            }
            return true
        }
    }

    private static func name(_ frame: ArrowFrame, _ index: Int) -> UnsafePointer<CChar>? {
        guard let child = frame.schemas?[index], child.pointee.release != nil else { return nil }
        return UnsafePointer(child.pointee.name)
    }
}
