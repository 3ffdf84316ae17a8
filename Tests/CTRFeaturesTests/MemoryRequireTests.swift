import CTRFeatures
import CTRKernels
import Testing

@Suite struct MemoryRequireTests {
    @Test func noMemoryIsAnError() throws {
        try Memory.require(1 << 20, for: "a mebibyte")
        let error = #expect(throws: CTRError.self) { try Memory.require(1 << 46, for: "the ids of 9 rows") }
        #expect(error?.code == .outOfMemory)
        #expect(
            error?.message.contains("no memory for the ids of 9 rows: they take about 67108865 MiB, at most") == true)
        #expect(throws: CTRError.self) { try Memory.require(Memory.bytes(1 << 40, of: Double.self), for: "rows") }
        #expect(throws: CTRError.self) { try Memory.require(Memory.bytes(1 << 62, each: 9), for: "rows") }
        #expect(throws: CTRError.self) { try Memory.require(-1, for: "rows") }
        #expect(Memory.available > 0)
    }
}
