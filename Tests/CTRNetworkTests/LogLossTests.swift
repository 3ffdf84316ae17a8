import CTRKernels
import Testing

@testable import CTRNetwork

@Suite struct LogLossTests {
    @Test func itsGradientIsTheLogisticFunctionLessTheLabel() {
        for logit in stride(from: Float(-6), through: 6, by: 0.5) {
            for label in [Float(0), 1] {
                let gradient = Double(DenseKernels.sigmoid(logit) - label)
                let step: Float = 1e-2
                let difference =
                    (Double(LogLoss.loss(logit: logit + step, label: label))
                        - Double(LogLoss.loss(logit: logit - step, label: label))) / Double(2 * step)
                #expect(abs(gradient - difference) < 1e-3)
            }
        }
    }

    @Test func itIsFiniteOfAnyLogit() {
        #expect(LogLoss.loss(logit: 1000, label: 0) == 1000)
        #expect(LogLoss.loss(logit: -1000, label: 1) == 1000)
    }
}
