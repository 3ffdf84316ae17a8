import CTRFeatures
import CTRKernels
import CTRTestSupport

@testable import CTRNetwork

/// One weight with an optimiser's state, stepped as a row that a batch touches.
struct OneWeight {
    let block = Parameter(rows: 1, width: 1)
    var value: Float { block.weights.base[0] }
    var state: [Float] { [block.state1.base[0], block.state2.base[0]] }

    init(_ weight: Float, _ state1: Float = 0, _ state2: Float = 0) {
        block.weights.base[0] = weight
        block.state1.base[0] = state1
        block.state2.base[0] = state2
        block.startAverage()
    }

    func step(_ optimizer: any Optimizer, gradient: Float, penalty: Float) {
        let rows = TrainingRows(EncodedRows(column: [0]))
        let touched = TouchedRows()
        [Int32(0)].withUnsafeBufferPointer {
            touched.gather(rows, batch: $0, source: .slot(0), rowOfID: nil, tableRows: 1)
        }
        var (gradient, averaging) = (gradient, Averaging(horizon: 10, warmUp: false))
        averaging.beginStep()
        touched.update(
            block, optimizer.settings(now: 1), averaging: averaging, gradients: &gradient, stride: 1
        ) { _, _ in penalty }
    }
}
