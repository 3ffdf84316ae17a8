import Glibc
import Testing

@testable import CTRFeatures

/// A list of crosses takes as long as it is, not its square.
@Suite struct ManyCrossesTests {
    /// Processor time of this thread that so many crosses take, the least of three, in nanoseconds.
    private static func time(_ count: Int) throws -> Double {
        func now() -> Double {
            var time = timespec()
            clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
            return Double(time.tv_sec) * 1e9 + Double(time.tv_nsec)
        }
        let names = (0..<90).map { "feature \($0)" }
        let table = try Table(names.map { ($0, Column.text(["a"])) })
        let encoder = try FeatureEncoder(fitting: table, specs: names.map { FeatureSpec($0, .categorical) })
        let pairs = names.indices.flatMap { first in (first + 1..<names.count).map { [names[first], names[$0]] } }
        let crosses = Array(pairs.prefix(count))
        var least = Double.infinity
        for _ in 0..<3 {
            let before = now()
            let made = try encoder.adding(crosses: crosses, from: table)
            least = min(least, now() - before)
            #expect(made.crosses.count == count)
        }
        return least
    }

    @Test func eightTimesAsManyTakeNotMuchLongerThanThat() throws {
        let few = try Self.time(500)
        let many = try Self.time(4000)
        #expect(many < 20 * few)
    }
}
