import CTRNetwork

extension ModelOptions {
    /// The optimiser that trains parameters of that role. The intercept's is always FTRL-Proximal.
    func optimizer(of role: Role) -> OptimizerName {
        switch role.group {
        case .intercept: .ftrl
        case .linear: wideOptimizer
        case .deep: deepOptimizer
        }
    }

    /// The prior of `l2` is shared out over all rows that there have been in any training.
    func optimizers(priorRows: Int) -> OptimizerSet {
        OptimizerSet(
            intercept: FTRL(learningRate: wideLearningRate, l1: 0, l2: 0),
            linear: optimizer(wideOptimizer, wideLearningRate, l1: l1, l2PerRow: l2 / Double(max(priorRows, 1))),
            deep: optimizer(deepOptimizer, deepLearningRate, l1: 0, l2PerRow: 0))
    }

    private func optimizer(
        _ name: OptimizerName, _ rate: Double, l1: Double, l2PerRow: Double
    ) -> any Optimizer {
        switch name {
        case .ftrl: FTRL(learningRate: rate, l1: l1, l2: 0, l2PerRow: l2PerRow)
        case .adagrad: AdaGrad(learningRate: rate)
        case .adam: Adam(learningRate: rate)
        }
    }
}
