import CTRFeatures
import CTRTestSupport
import Testing

@testable import CTRModels

@Suite struct WorkspacePoolTests {
    /// A workspace serves one call after the other; what a large table took would else stay with the model for good.
    @Test(arguments: [(1000, true), (600_000, false)])
    func largeWorkspacesAreLetGo(rows: Int, isKept: Bool) throws {
        let numbers = (0..<rows).map { Double($0) }
        let table = try Table([("x", .numeric(numbers))])
        let encoder = RowEncoder(try FeatureEncoder(fitting: table, specs: [FeatureSpec("x", .numeric)]))
        let fixture = ArrowFixture()
        let node = fixture.table([fixture.values("g", numbers, name: "x")], length: rows)
        let pool = WorkspacePool()
        let first = try pool.with { workspace in
            #expect(encoder.encode(ArrowTable(node), threads: 2, in: workspace.encoding)?.rowCount == rows)
            return workspace
        }
        #expect(try pool.with { $0 === first } == isKept)
    }
}
