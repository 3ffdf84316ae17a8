import CTRKernels

/// What a layer needs to know to be made ready to run in a plan.
package struct PlanDraft {
    let network: Network
    let choice: WeightChoice
    /// Nil in a prediction.
    let training: BatchShape?
    /// By a dense layer's output, what of its input is looked up.
    private let lookups: [Signal: LookupChoice]
    let arena: Arena
    /// By a dense layer's output, its own copy of what it multiplies of an input that other layers read, too.
    private let copies: [Signal: ArenaBlock]

    /// `batch`: of a training; nil for predictions.
    init(_ network: Network, using choice: WeightChoice, batch: BatchShape? = nil) {
        let blueprint = network.blueprint
        self.network = network
        self.choice = choice
        training = batch
        let lookups = LookupChoice.all(blueprint, batchSize: batch?.capacity)
        var (widths, copied): ([Int], [Signal]) = (blueprint.widths, [])
        for layer in blueprint.layers {
            guard let lookup = lookups[layer.output] else { continue }
            if lookup.isShared {
                copied.append(layer.output)
                widths.append(lookup.width)
            } else {
                widths[lookup.signal.index] = lookup.width
            }
        }
        let arena = Arena(widths: widths)
        let first = blueprint.widths.count
        (self.lookups, self.arena) = (lookups, arena)
        copies = Dictionary(uniqueKeysWithValues: copied.enumerated().map { ($1, arena.blocks[first + $0]) })
    }

    /// A parameter's weights, as the plan reads them.
    func weights(_ parameter: Int) -> FloatBuffer { choice.of(network.parameters[parameter]) }

    func block(_ signal: Signal) -> ArenaBlock { arena.blocks[signal.index] }

    /// What a layer looks up of its input.
    func lookup(of layer: DenseLayer) -> LookupChoice? { lookups[layer.output] }

    /// What it multiplies.
    func input(of layer: DenseLayer) -> ArenaBlock { copies[layer.output] ?? block(layer.input) }

    /// The fields that are written for layers to read, by their index, and their first columns.
    func columns(of fields: FieldsLayer) -> FieldColumns {
        let lookups = lookups.values.filter { $0.signal == fields.output }
        if let only = lookups.first, !only.isShared { return only.multiplied }
        let readers = network.blueprint.layers.filter { $0.inputs.contains(fields.output) }
        let read = readers.flatMap { layer in
            self.lookups[layer.output]?.runs ?? [layer.columns(of: fields.output)]
        }
        return FieldColumns(fields) { inputs in read.contains { $0.overlaps(inputs) } }
    }

    /// Whether layers add to a signal's gradient, which is zero at first: it is read more than once.
    func addsGradient(_ signal: Signal) -> Bool {
        let readers = network.blueprint.layers.flatMap { layer in
            layer.inputs.filter { $0 == signal }.map { _ in layer.addsGradients }
        }
        return readers.count > 1 || readers.contains(true)
    }

    /// Of what a layer multiplies of fields, the columns that learn; nil of another layer's output.
    func learning(_ layer: DenseLayer) -> Range<Int>? {
        guard let fields = network.blueprint.writer(of: layer.input) as? FieldsLayer else { return nil }
        return fields.learning(lookup(of: layer)?.multiplied ?? FieldColumns(fields))
    }
}

/// Which of the two sets of weights a plan reads: the trained ones, or in training their average.
package enum WeightChoice: Sendable {
    case current
    case average

    func of(_ block: Parameter) -> FloatBuffer { self == .current ? block.weights : block.average }
}
