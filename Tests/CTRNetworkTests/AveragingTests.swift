import CTRFeatures
import CTRKernels
import CTRTestSupport
import Testing

@testable import CTRNetwork

@Suite struct AveragingTests {
    /// The lazily kept average equals the one kept at every step.
    @Test func averageOfRowsRarelyTouched() {
        var averaging = Averaging(horizon: 20, warmUp: true)
        let block = Parameter(rows: 2, width: 1)
        block.startAverage()
        let rows = TrainingRows(EncodedRows(column: [1]))
        let touched = TouchedRows()
        var plain = 0.0
        for step in 1...60 {
            averaging.beginStep()
            let decay = averaging.decay(from: step - 1, to: step)
            if step % 7 == 0 {
                var gradient: Float = step % 2 == 0 ? 0.3 : -0.5
                [Int32(0)].withUnsafeBufferPointer {
                    touched.gather(rows, batch: $0, source: .slot(0), rowOfID: nil, tableRows: 2)
                }
                touched.update(
                    block, AdaGrad(learningRate: 0.1).settings(now: decay), averaging: averaging, gradients: &gradient,
                    stride: 1
                ) { _, _ in 0 }
            }
            plain = plain * Double(decay) + (1 - Double(decay)) * Double(block.weights.base[1])
        }
        block.flushAverage(rows: 0..<2, averaging)
        #expect(abs(Double(block.average.base[1]) - plain) < 1e-6)
        #expect(block.average.base[0] == 0)
    }
}
