import Testing

@testable import CTRFeatures

struct ColumnTests {
    @Test func makersEncode() {
        guard case .categorical(let text) = Column.text(["x", nil, "y", "x"]) else { return #expect(Bool(false)) }
        #expect(text.codes == [0, -1, 1, 0])
        guard case .multi(let lists) = Column.lists([["a", "b"], [], ["b"]]) else { return #expect(Bool(false)) }
        #expect(lists.codes == [0, 1, 1])
        #expect(lists.offsets == [0, 2, 2, 3])
        #expect(Column.lists([["a"], []]).count == 2)
        #expect(Column.numeric([1, 2]).count == 2)
    }

    @Test func numbersBecomeTheirDecimalText() {
        let column = Column.numeric([3, 3.0, -0.0, 0, .nan, 0.1, -7, 9_007_199_254_740_991, 1e16, 1e300])
            .asCategorical()
        #expect(column?.codes == [0, 0, 1, 1, -1, 2, 3, 4, 5, 6])
        #expect(column?.dictionary.strings == ["3", "0", "0.1", "-7", "9007199254740991", "1e+16", "1e+300"])
        #expect(Column.lists([["a"]]).asCategorical() == nil)
    }

    @Test func manyDistinctNumbers() {
        let column = Column.numeric((0..<10_000).map { Double($0 % 5000) * 0.5 }).asCategorical()
        #expect(column?.dictionary.count == 5000)
        #expect(column?.codes[9999] == 4999)
    }

    static let wrong: [([(String, Column)], String)] = [
        ([("a", .numeric([1])), ("b", .numeric([1, 2]))], "column 'b' has 2 rows, the table has 1"),
        ([("a", .numeric([1])), ("a", .numeric([1]))], "column 'a' is in the table twice"),
        ([("a", .numeric([1, -.infinity]))], "column 'a', row 1 (from 0): the number is infinite"),
        (
            [("a", .categorical(CategoricalColumn(dictionary: StringTable(["x"]), codes: [0, 1])))],
            "column 'a', row 1 (from 0): code 1 is not in the dictionary of 1 entries"
        ),
        (
            [("a", .multi(MultiColumn(dictionary: StringTable(["x"]), offsets: [0, 2, 1], codes: [0])))],
            "column 'a': the list offsets must begin at 0"
        ),
        (
            [("a", .multi(MultiColumn(dictionary: StringTable(), offsets: [], codes: [])))],
            "column 'a': the list offsets"
        ),
        (
            [("a", .multi(MultiColumn(dictionary: StringTable(["x"]), offsets: [0, 1], codes: [-1])))],
            "column 'a': code -1 is not in the dictionary"
        ),
    ]

    @Test(arguments: wrong.indices)
    func tablesThatDoNotFitTogether(index: Int) {
        let (columns, message) = Self.wrong[index]
        let error = #expect(throws: CTRError.self) { try Table(columns) }
        #expect(error?.code == .invalidData)
        #expect(error?.message.hasPrefix(message) == true, "\(error?.message ?? "")")
    }

    @Test func emptyTable() throws {
        let table = try Table([])
        #expect(table.rowCount == 0)
        #expect(table.names.isEmpty)
    }
}
