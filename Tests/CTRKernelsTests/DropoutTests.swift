import CTRKernels
import Testing

@Suite struct DropoutTests {
    @Test func itKeepsTheMeanAndItsGradientFollowsTheMask() {
        let count = 100_000
        let values = FloatBuffer([Float](repeating: 1, count: count))
        var stream = RandomStream(seed: 9)
        DenseKernels.dropout(values.base, count: count, rate: 0.25, random: &stream)
        let mean = (0..<count).reduce(0) { $0 + Double(values.base[$1]) } / Double(count)
        #expect(abs(mean - 1) < 0.01)
        let gradient = FloatBuffer([Float](repeating: 1, count: count))
        DenseKernels.maskGradient(gradient.base, where: values.base, scale: 1 / 0.75, count: count)
        #expect(gradient.array == values.array)
    }
}
