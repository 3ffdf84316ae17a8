import CTRKernels

/// What a layer needs to know to be made ready to run in a plan.
package struct PlanDraft {
    let network: Network
    let choice: WeightChoice
    /// Nil in a prediction.
    let training: BatchShape?
    /// By dense layer, what of its input is looked up.
    let lookups: [Int: LookupChoice]
    let arena: Arena

    /// `batch`: of a training; nil for predictions.
    init(_ network: Network, using choice: WeightChoice, batch: BatchShape? = nil) {
        let blueprint = network.blueprint
        self.network = network
        self.choice = choice
        training = batch
        lookups = LookupChoice.all(blueprint, batchSize: batch?.capacity)
        var widths = blueprint.widths
        for lookup in lookups.values { widths[lookup.signal.index] = lookup.width }
        arena = Arena(widths: widths)
    }

    /// A parameter's weights, as the plan reads them.
    func weights(_ parameter: Int) -> FloatBuffer { choice.of(network.parameters[parameter]) }

    func block(_ signal: Signal) -> ArenaBlock { arena.blocks[signal.index] }

    /// What is looked up of a signal's fields instead of written there.
    func lookup(of signal: Signal) -> LookupChoice? { lookups.values.first { $0.signal == signal } }

    /// Whether layers add to a signal's gradient, which is zero at first: it is read more than once.
    func addsGradient(_ signal: Signal) -> Bool {
        let readers = network.blueprint.layers.flatMap { layer in
            layer.inputs.filter { $0 == signal }.map { _ in layer.addsGradients }
        }
        return readers.count > 1 || readers.contains(true)
    }

    /// Whether anything below a signal learns.
    func wantsGradient(_ signal: Signal) -> Bool {
        guard let writer = network.blueprint.writer(of: signal) else { return false }
        return (writer as? FieldsLayer).map { !$0.learning(lookup(of: signal)).isEmpty } ?? true
    }
}

/// Which of the two sets of weights a plan reads: the trained ones, or in training their average.
package enum WeightChoice: Sendable {
    case current
    case average

    func of(_ block: Parameter) -> FloatBuffer { self == .current ? block.weights : block.average }
}
