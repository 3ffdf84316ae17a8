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
