import CTRKernels
import CTRTestSupport
import Testing

@testable import CTRFeatures

/// The quick ways through the encoding give what the plain ones do.
@Suite struct QuickEncodingTests {
    private static func numbers(_ count: Int, seed: UInt64) -> [Double] {
        var stream = RandomStream(seed: seed)
        return (0..<count).map { _ in
            switch stream.nextIndex(below: 8) {
            case 0: .nan
            case 1: stream.nextIndex(below: 2) == 0 ? 0 : -0.0
            case 2: Double(stream.nextIndex(below: 5)) - 2
            case 3: .greatestFiniteMagnitude * (stream.nextIndex(below: 2) == 0 ? 1 : -1)
            case 4: .leastNonzeroMagnitude * Double(stream.nextIndex(below: 9) - 4)
            default: Double(stream.nextFloat() - 0.5) * 1e6
            }
        }
    }

    @Test(arguments: [0, 1, 10, 5000, 20_000]) func sortedNumbersAreSorted(count: Int) {
        let column = Self.numbers(count, seed: UInt64(count))
        #expect(SortedNumbers(column).values == column.filter { !$0.isNaN }.sorted())
        let few: [Double] = column.map { $0.isNaN ? 3 : ($0 > 0 ? 1 : 2) }
        #expect(SortedNumbers(few).values == few.sorted())
    }

    /// The bins as they are defined: over all distinct values with their counts, and the rest without the modes.
    private static func plainBins(_ column: [Double]) -> NumericBins {
        let sorted = column.filter { !$0.isNaN }.sorted()
        var distinct: [(value: Double, count: Int)] = []
        for value in sorted {
            if let last = distinct.last, last.value == value {
                distinct[distinct.count - 1].count += 1
            } else {
                distinct.append((value, 1))
            }
        }
        let bins = max(2, min(NumericBins.maximumBins, sorted.count / 20))
        if distinct.count <= bins + 1 { return NumericBins(edges: distinct.map(\.value), modes: []) }
        let modes = distinct.filter { Double($0.count) >= Double(sorted.count) * NumericBins.modeShare }.map(\.value)
        let rest = sorted.filter { !modes.contains($0) }
        var edges: [Double] = []
        if !rest.isEmpty {
            for bin in 0...bins {
                let edge = rest[min(rest.count - 1, bin * (rest.count - 1) / bins)]
                if edges.last != edge { edges.append(edge) }
            }
        }
        return NumericBins(edges: edges, modes: modes)
    }

    @Test(arguments: [0, 1, 30, 45, 700, 6000]) func binsAreAsDefined(count: Int) {
        for seed in 0..<10 {
            let column = Self.numbers(count, seed: UInt64(seed))
            #expect(NumericBins(fitting: column) == Self.plainBins(column))
            // Few values, each of them a mode, and one more.
            let modes = (0..<count).map { index -> Double in index == 0 ? 1e9 : Double(index % 3) }
            #expect(NumericBins(fitting: modes) == Self.plainBins(modes))
            let mixed = (0..<count).map { index -> Double in
                Double(index.isMultiple(of: 4) ? index : index % 3 * 1000)
            }
            #expect(NumericBins(fitting: mixed) == Self.plainBins(mixed))
        }
    }

    @Test func aDictionaryThatIsTheVocabularyIsShared() {
        let words = (0..<200).map { "w\($0)" }
        let inOrder = StringTable(words)
        let codes = (0..<1000).map { Int32($0 % 200) }
        for (dictionary, codes, minimum) in [
            (inOrder, codes, 1), (inOrder, codes.reversed(), 1), (inOrder, Array(codes.prefix(150)), 1),
            (inOrder, Array(codes.prefix(250)), 2), (StringTable(), [], 1),
        ] {
            var plain = Vocabulary(minimumCount: minimum)
            plain.extend(dictionary: dictionary, codes: codes)
            let quick = Vocabulary(dictionary: dictionary, codes: codes, minimumCount: minimum)
            #expect(quick.values.strings == plain.values.strings)
            #expect(quick.counts == plain.counts)
            #expect(quick.pending.strings == plain.pending.strings)
            #expect(quick.rows(of: dictionary) == plain.rows(of: dictionary))
        }
        var shared = Vocabulary(dictionary: inOrder, codes: codes, minimumCount: 1)
        #expect(shared.values.isSame(as: inOrder))
        shared.extend(dictionary: StringTable(["new"]), codes: [0])
        #expect(inOrder.count == 200 && inOrder.find("new") == nil)
        #expect(shared.rows(of: inOrder) == (2..<202).map { Int32($0) })
    }

    @Test func copiesOfATableAreTheirOwn() {
        let first = StringTable(["a", "b"])
        var second = first
        #expect(second.insert("c") == 2)
        var third = first
        for number in 0..<100 { third.insert("d\(number)") }
        #expect(first.strings == ["a", "b"])
        #expect(second.strings == ["a", "b", "c"])
        #expect(third.count == 102 && third.find("d99") == 101 && second.find("d0") == nil)
        #expect(StringTable().find("a") == nil)
    }

    /// Columns of each kind, encoded on one thread and on several.
    @Test func threadsChangeNothing() throws {
        var stream = RandomStream(seed: 9)
        let count = 5000
        let numbers = Self.numbers(count, seed: 3)
        let words: [String?] = (0..<count).map { _ in
            let word = stream.nextIndex(below: 300)
            return word == 0 ? nil : "w\(word)"
        }
        let lists = (0..<count).map { _ in (0..<stream.nextIndex(below: 4)).map { "l\($0)" } }
        let table = try Table([
            ("x", .numeric(numbers)), ("w", .text(words)), ("l", .lists(lists)),
            ("k", .numeric((0..<count).map { Double($0 % 70) })),
        ])
        let specs = [
            FeatureSpec("x", .numeric), FeatureSpec("w", .categorical), FeatureSpec("l", .multi),
            FeatureSpec("k", .categorical), FeatureSpec("both", .multi, columns: ["k", "w"]),
        ]
        func rows(threads: Int) throws -> [[Double]] {
            let prepared = try FeatureEncoder.prepared(table, specs: specs, threads: threads)
            var encoder = try FeatureEncoder(
                fitting: prepared, specs: specs, crosses: [["w", "k"], ["x", "w"]], threads: threads)
            try encoder.extend(with: prepared, threads: threads)
            return try encoder.encode(threads == 1 ? table : prepared, threads: threads).contents
        }
        let one = try rows(threads: 1)
        #expect(try rows(threads: 2) == one)
        #expect(try rows(threads: 5) == one)
    }

    /// Of several columns that are wrong, the first is named.
    @Test func theFirstErrorIsThrown() {
        let fixture = ArrowFixture()
        let columns = (0..<20).map { index in
            fixture.values("g", [index < 7 ? 1.0 : .infinity], name: "c\(index)")
        }
        let table = ArrowTable(fixture.table(columns, length: 1))
        for threads in [1, 4] {
            let error = #expect(throws: CTRError.self) { try ArrowReader.read(table, threads: threads) }
            #expect(error?.message.hasPrefix("column 'c7'") == true)
        }
    }
}
