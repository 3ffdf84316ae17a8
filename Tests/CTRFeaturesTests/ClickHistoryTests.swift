import CTRKernels
import Testing

@testable import CTRFeatures

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
