import CTRKernels
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
