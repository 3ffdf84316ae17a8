import CArrow
import CTRTestSupport
import Testing

@testable import CTRFeatures

/// Another thread may write to a table while it is read: the answer is then any, but nothing outside is read or written.
@Suite struct ChangingTableTests {
    private let fixture = ArrowFixture()

    /// Checks a table of one column, changes its offsets, and encodes it.
    private func encodes(
        _ node: ArrowFixture.Node, _ kind: FeatureSpec.Kind, _ change: (UnsafeMutablePointer<Int32>) -> Void
    ) throws -> Bool {
        let rows = Int(node.array.pointee.length)
        let table = ArrowTable(fixture.table([node], length: rows))
        let specs = [FeatureSpec("c", kind)]
        let encoder = RowEncoder(try FeatureEncoder(fitting: ArrowReader.read(table), specs: specs))
        let workspace = EncodingWorkspace()
        let open = try #require(try encoder.open(ArrowFrame(table), threads: 1, in: workspace))
        let offsets = try #require(node.array.pointee.buffers[1])
        change(UnsafeMutableRawPointer(mutating: offsets).assumingMemoryBound(to: Int32.self))
        return try encoder.encode(0..<rows, of: open, threads: 1, in: workspace) != nil
    }

    private func words(_ count: Int) -> ArrowFixture.Node { fixture.text((0..<count).map { "w\($0)" }) }

    @Test func listsThatGrowPastTheRoomForThem() throws {
        let rows = 100
        func lists() -> ArrowFixture.Node {
            fixture.lists(offsets: (0...Int32(rows)).map { $0 }, of: words(rows))
        }
        #expect(try encodes(lists(), .multi) { _ in })
        // Every other row has all values: none outside, but far more in all than there were.
        #expect(
            try !encodes(lists(), .multi) { offsets in
                for row in 0...rows { offsets[row] = row.isMultiple(of: 2) ? 0 : Int32(rows) }
            })
        #expect(try !encodes(lists(), .multi) { $0[1] = .max })
        #expect(try !encodes(lists(), .multi) { $0[0] = .min })
        #expect(try !encodes(lists(), .multi) { $0[rows] = .min })
        #expect(try !encodes(lists(), .multi) { $0[rows] = .max })
    }

    @Test func textsThatMove() throws {
        #expect(try encodes(words(3), .categorical) { _ in })
        #expect(try !encodes(words(3), .categorical) { $0[1] = 2_000_000_000 })
        #expect(try !encodes(words(3), .categorical) { $0[0] = -1 })
        // The end of all text is known from before.
        #expect(try !encodes(words(3), .categorical) { $0[3] = .max })
    }
}
