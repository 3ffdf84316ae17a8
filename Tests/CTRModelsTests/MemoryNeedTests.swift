import CTRFeatures
import CTRNetwork
import Testing

@testable import CTRModels

@Suite struct MemoryNeedTests {
    private func check(rows: Int = 1000, _ change: (inout ModelOptions) -> Void = { _ in }) throws {
        let table = try Table([("x", .numeric([1, 2, 3])), ("c", .text(["a", "b", "c"]))])
        let specs = [FeatureSpec("x", .numeric), FeatureSpec("c", .categorical)]
        var options = ModelOptions()
        change(&options)
        let encoder = try FeatureEncoder(fitting: table, specs: specs)
        try MemoryNeed.check(Blueprint(ModelInputs(encoder, options)), encoder, rows: rows, options: options)
    }

    @Test func whatFitsIsTrained() throws { try check() }

    /// 16 layers of 65,536 units are 64 billion weights; 2^40 rows of 76 bytes are 76 TiB.
    @Test func whatDoesNotFitIsRefused() throws {
        let network = #expect(throws: CTRError.self) {
            try check { $0.hiddenUnits = .init(repeating: 65536, count: 16) }
        }
        #expect(network?.message.contains("lower hidden_units ([65536, 65536,") == true)
        let rows = #expect(throws: CTRError.self) { try check(rows: 1 << 40) }
        #expect(rows?.message.contains("on 1099511627776 rows takes about") == true)
        #expect(rows?.message.contains("give it fewer rows") == true)
    }
}
