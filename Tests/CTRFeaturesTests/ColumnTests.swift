import Testing

@testable import CTRFeatures

struct StringTableTests {
    @Test func indicesFollowFirstInsertion() {
        var table = StringTable()
        #expect(table.find("a") == nil)
        #expect(["b", "a", "", "b", "点击", "a", ""].map { table.insert($0) } == [0, 1, 2, 0, 3, 1, 2])
        #expect(table.strings == ["b", "a", "", "点击"])
        #expect(table.find("点击") == 3)
        #expect(table.find("") == 2)
        #expect(table.find("c") == nil)
        #expect(table.offsets == [0, 1, 2, 2, 8])
    }

    @Test func growsAndKeepsEveryEntry() {
        var table = StringTable()
        for number in 0..<50_000 { #expect(table.insert("key \(number)") == number) }
        for number in stride(from: 0, to: 50_000, by: 97) { #expect(table.find("key \(number)") == Int32(number)) }
        #expect(table.count == 50_000)
        let again = StringTable(bytes: table.bytes, offsets: table.offsets)
        #expect(again?.find("key 49999") == 49_999)
        #expect(again?.find("key 50000") == nil)
    }

    @Test func namesThatSwiftTakesForEqualAreTwoEntries() {
        #expect(StringTable(["é", "e\u{301}"]).count == 2)
    }

    @Test func outsideIndexIsEmptyAndBadUTF8IsReplaced() {
        let table = StringTable(bytes: [0x61, 0xFF], offsets: [0, 2])
        #expect(table?[0] == "a\u{FFFD}")
        #expect(table?[1] == "")
        #expect(table?[-1] == "")
    }

    @Test(
        arguments: [
            [], [1], [0, 1], [0, 3, 2], [0, 2, 1, 3], [0, -1, 3], [0, 1, 4], [0, 0, 0, 3], [0, 1, 2, 3],
        ] as [[Int]])
    func storedOffsetsThatAreWrongAreRefused(offsets: [Int]) {
        #expect(StringTable(bytes: Array("aba".utf8), offsets: offsets) == nil)
    }

    @Test func storedTableInsertsFurther() {
        var table = StringTable(bytes: Array("ab".utf8), offsets: [0, 1, 2])
        #expect(table?.insert("c") == 2)
        #expect(table?.insert("b") == 1)
        var empty = StringTable(bytes: [], offsets: [0])
        #expect(empty?.find("") == nil)
        #expect(empty?.insert("") == 0)
    }
}

struct UTF8CheckTests {
    /// Every string of up to three bytes of interest, and some of four, agrees with the standard library.
    @Test func agreesWithTheStandardLibrary() {
        let bytes: [UInt8] = [
            0x00, 0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1, 0xEC, 0xED, 0xEE,
            0xEF, 0xF0, 0xF1, 0xF3, 0xF4, 0xF5, 0xFF,
        ]
        func check(_ text: [UInt8]) {
            let valid = String(validating: text, as: UTF8.self) != nil
            if text.withUnsafeBytes({ UTF8Check.isValid($0) }) != valid { Issue.record("\(text)") }
        }
        check([])
        for a in bytes {
            check([a])
            for b in bytes {
                check([a, b])
                for c in bytes {
                    check([a, b, c])
                    for d in bytes where a >= 0xE0 { check(Array("12345678".utf8) + [a, b, c, d]) }
                }
            }
        }
    }
}

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

    @Test func rowsAreGathered() throws {
        let table = try Table([
            ("n", .numeric([1, 2, 3])), ("t", .text(["a", nil, "b"])), ("l", .lists([["x", "y"], [], ["y"]])),
        ])
        let part = table.select(rows: [2, 0, 2])
        #expect(part.rowCount == 3)
        #expect(part.names == ["n", "t", "l"])
        guard case .numeric(let n) = part.column("n"), case .categorical(let t) = part.column("t"),
            case .multi(let l) = part.column("l")
        else { return #expect(Bool(false)) }
        #expect(n == [3, 1, 3])
        #expect(t.codes == [1, 0, 1])
        #expect(l.offsets == [0, 1, 3, 4])
        #expect(l.codes == [1, 0, 1, 1])
        #expect(table.column("none") == nil)
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
