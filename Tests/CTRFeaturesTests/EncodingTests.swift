import CTRKernels
import CTRTestSupport
import Testing

@testable import CTRFeatures

extension NumericBins {
    fileprivate func encode(_ value: Double) -> (id: Int32, fraction: Float) { withEdges { $0.encode(value) } }
}

@Suite struct NumericBinsTests {
    /// Gorishniy et al. (2022), equation 1, written out.
    private static func encoding(_ value: Double, _ edges: [Double]) -> [Double] {
        zip(edges, edges.dropFirst()).map { low, high in min(max((value - low) / (high - low), 0), 1) }
    }

    private static func expand(_ bins: NumericBins, _ value: Double) -> [Double] {
        let (id, fraction) = bins.encode(value)
        guard let segment = bins.segment(of: id) else { return [Double](repeating: 0, count: bins.segments) }
        return (0..<bins.segments).map { $0 < segment ? 1 : $0 == segment ? Double(fraction) : 0 }
    }

    @Test func encodesAsThePaperDoes() {
        var stream = RandomStream(seed: 1)
        let values = (0..<2000).map { _ in Double(stream.nextFloat() * stream.nextFloat()) }
        let bins = NumericBins(fitting: values)
        #expect(bins.segments == NumericBins.maximumBins)
        for value in values.prefix(200) + [-1, 2] + bins.edges {
            for (mine, paper) in zip(Self.expand(bins, value), Self.encoding(value, bins.edges)) {
                #expect(abs(mine - paper) < 1e-6)
            }
        }
    }

    @Test func fewDistinctValuesHaveAnIdEach() {
        let bins = NumericBins(fitting: (0..<500).map { Double($0 % 10) })
        let ids = (0..<10).map { bins.encode(Double($0)).id }
        #expect(Set(ids).count == 10)
        #expect(bins.edges == (0..<10).map(Double.init))
    }

    @Test func aModeHasItsOwnId() {
        let bins = NumericBins(fitting: (0..<1000).map { $0 < 600 ? 0 : Double($0) })
        #expect(bins.modes == [0])
        #expect(bins.encode(0).id == 1)
        #expect(bins.encode(600).id > 1)
        #expect(bins.edges.first == 600)
    }

    @Test func missingConstantAndEmptyColumns() {
        let constant = NumericBins(fitting: [Double](repeating: 3, count: 50))
        #expect(constant.segments == 0)
        #expect(constant.encode(.nan) == (0, 0))
        #expect(constant.encode(3).id != constant.encode(2).id)
        let empty = NumericBins(fitting: [.nan, .nan])
        #expect(empty.encode(1).id == 1)
        #expect(empty.encode(.greatestFiniteMagnitude).fraction == 0)
        let huge = NumericBins(fitting: [-.greatestFiniteMagnitude, .greatestFiniteMagnitude, 0, 1, 2])
        for value in [-Double.greatestFiniteMagnitude, 0, .greatestFiniteMagnitude] {
            #expect((0...1).contains(huge.encode(value).fraction))
            #expect(Int(huge.encode(value).id) < huge.idCount)
        }
    }
}

@Suite struct VocabularyTests {
    private static func extend(_ vocabulary: inout Vocabulary, _ values: [String]) {
        guard case .categorical(let column) = Column.text(values.map { Optional($0) }) else { return }
        vocabulary.extend(dictionary: column.dictionary, codes: column.codes)
    }

    private static func row(_ vocabulary: Vocabulary, _ value: String) -> Int32 {
        withExtendedLifetime(vocabulary) { value.withUTF8Bytes { vocabulary.view.row(of: $0) } }
    }

    @Test func rareValuesAreUnknownUntilSeenOftenEnough() {
        var vocabulary = Vocabulary(minimumCount: 2)
        Self.extend(&vocabulary, ["a", "b", "a", "c"])
        #expect(Self.row(vocabulary, "a") == 2)
        #expect(Self.row(vocabulary, "b") == Vocabulary.unknown)
        Self.extend(&vocabulary, ["b", "d", "a"])
        #expect(Self.row(vocabulary, "a") == 2)
        #expect(Self.row(vocabulary, "b") == 3)
        #expect(Self.row(vocabulary, "d") == Vocabulary.unknown)
        #expect(vocabulary.counts == [3, 2])
        #expect(vocabulary.pending.strings.sorted() == ["c", "d"])
    }

    @Test func aVocabularyPastItsBoundIsHashed() {
        let values = StringTable((0..<100).map(String.init))
        func vocabulary(bound: Int) -> Vocabulary {
            Vocabulary(dictionary: values, codes: Array(0..<100), minimumCount: 1, maximumSize: bound)
        }
        #expect(vocabulary(bound: 100).buckets == 0)
        let vocabulary = vocabulary(bound: 50)
        #expect(vocabulary.rowCount == 52)
        for value in 0..<200 { #expect((2..<52).contains(Self.row(vocabulary, String(value)))) }
        // XXH64 of "7" modulo 50: the same in every process and on every platform.
        #expect(Self.row(vocabulary, "7") == Int32(2 + XXH64.hash("7") % 50))
    }
}

@Suite struct FeatureEncoderTests {
    private func table(_ a: [String?], _ b: [String?], _ x: [Double]) throws -> Table {
        try Table([("a", .text(a)), ("b", .text(b)), ("x", .numeric(x))])
    }

    @Test func crossesKnowTheirPairs() throws {
        let specs = [FeatureSpec("a", .categorical), FeatureSpec("b", .categorical), FeatureSpec("x", .numeric)]
        let data = try table(["p", "p", "q", "q", nil], ["u", "u", "u", "v", "u"], [1, 2, 3, 4, 5])
        let encoder = try FeatureEncoder(
            fitting: data, specs: specs, crosses: [["a", "b"], ["a", "x"]], minimumCount: 1)
        let rows = try encoder.encode(data)
        let pair = encoder.crosses[0].slot
        let ids = (0..<5).map { rows.ids.base[$0 * rows.slotCount + pair] }
        #expect(ids == [2, 2, 3, 4, 0])
        let unseen = try encoder.encode(table(["p", "w"], ["v", "u"], [1, 1]))
        #expect((0..<2).map { unseen.ids.base[$0 * unseen.slotCount + pair] } == [1, 1])
    }

    @Test func extendingKeepsIds() throws {
        let specs = [FeatureSpec("a", .categorical), FeatureSpec("b", .categorical)]
        let first = try table(["p", "q"], ["u", "v"], [0, 0])
        var encoder = try FeatureEncoder(fitting: first, specs: specs, crosses: [["a", "b"]], minimumCount: 1)
        let before = try encoder.encode(first)
        try encoder.extend(with: table(["r", "p"], ["u", "v"], [0, 0]))
        #expect(try encoder.encode(first).ids.array == before.ids.array)
        let after = try encoder.encode(table(["r"], ["u"], [0]))
        #expect(after.ids.array == [4, 2, 4])
    }

    @Test func aRowOfNumbersEncodesAsATableOfIt() throws {
        var stream = RandomStream(seed: 4)
        let columns = (0..<5).map { column in
            (0..<300).map { _ in Double(stream.nextIndex(below: column == 0 ? 1000 : 6)) }
        }
        let names = (0..<5).map { "x\($0)" }
        let data = try Table(zip(names, columns).map { ($0, .numeric($1)) })
        let specs = [
            FeatureSpec("x0", .numeric), FeatureSpec("x1", .categorical), FeatureSpec("x2", .categorical),
            FeatureSpec("words", .multi, columns: ["x3", "x4"]),
        ]
        let encoder = try FeatureEncoder(fitting: data, specs: specs, crosses: [["x1", "x2"]], minimumCount: 2)
        let all = try encoder.encode(data)
        let (rowEncoder, workspace) = (RowEncoder(encoder), EncodingWorkspace())
        for row in 0..<300 {
            let one = try rowEncoder.encode(columns.map { $0[row] }, columns: [[0], [1], [2], [3, 4]], in: workspace)
            #expect(one.contents == all.select([Int32(row)]).contents)
        }
    }

    /// A column with integers beyond 2^53 is read as categories; its zeros stand for nothing all the same.
    @Test func zerosOfLargeWholeNumbersAreNoValues() throws {
        let numbers = CategoricalColumn(
            dictionary: StringTable(["0", "9007199254740993"]), codes: [0, 1], origin: .numbers)
        let data = try Table([("w0", .categorical(numbers)), ("w1", .numeric([0, 5]))])
        let words = FeatureSpec("words", .multi, columns: ["w0", "w1"])
        let encoder = try FeatureEncoder(fitting: data, specs: [words], crosses: [], minimumCount: 1)
        #expect(try encoder.encode(data).lists.map(\.offsets.array) == [[0, 0, 2]])
    }

    @Test func errorsNameTheFeature() throws {
        let data = try table(["p", "q"], ["u", "v"], [0, 1])
        for (specs, crosses, wanted) in [
            ([FeatureSpec("a", .numeric)], [], "'a'"), ([FeatureSpec("c", .categorical)], [], "'c'"),
            ([FeatureSpec("x", .numeric)], [["x", "y"]], "'y'"), ([FeatureSpec("x", .numeric)], [["x"]], "two"),
        ] {
            let error = #expect(throws: CTRError.self) {
                try FeatureEncoder(fitting: data, specs: specs, crosses: crosses, minimumCount: 1)
            }
            #expect(error?.message.contains(wanted) == true)
        }
    }
}

@Suite struct ClickHistoryTests {
    /// Against counting all earlier records for each row, in any order of rows.
    @Test func countsStrictlyEarlierRecords() {
        var stream = RandomStream(seed: 3)
        let count = 400
        let names = (0..<count).map { _ in "q\(stream.nextIndex(below: 20))" }
        let clicked = (0..<count).map { _ in stream.nextIndex(below: 4) == 0 }
        let time = (0..<count).map { _ in stream.nextIndex(below: 100) }
        let order = (0..<count).sorted { (time[$0], $0) < (time[$1], $1) }
        guard case .categorical(let column) = Column.text(names.map { Optional($0) }) else { return }
        var history = ClickHistory()
        let rates = history.rates(of: column, clicked: clicked, order: order)
        for row in 0..<count {
            let earlier = (0..<count).filter {
                (time[$0], $0) < (time[row], row) && names[$0] == names[row]
            }
            let clicks = earlier.filter { clicked[$0] }.count
            #expect(rates[row] == (earlier.isEmpty ? 0.1 : Double(clicks) / Double(earlier.count)))
        }
        #expect("unseen".withUTF8Bytes { history.rate(of: $0) } == 0.1)
    }
}
