/// What a parameter is to a model. How it begins, which optimiser trains it and what holds it back are decided by its
/// role, never by its name.
package enum Role: Sendable, CaseIterable {
    /// The constant of the logit.
    case intercept
    /// A weight for each id.
    case linear
    /// A vector for each id, which layers above read.
    case embedding
    /// A vector for each id, whose products with others' vectors are part of the logit.
    case factors
    /// Weights of a hidden layer, inputs × outputs.
    case dense
    /// Weights of a layer that writes part of the logit.
    case output
    /// Of a layer: one each output.
    case bias
    /// Weights of a cross network, whose input and output are of one width.
    case cross
    /// Weights that make a cross network's output part of the logit.
    case crossOutput

    /// The optimiser that trains it.
    package var group: OptimizerGroup {
        switch self {
        case .intercept: .intercept
        case .linear: .linear
        case .embedding, .factors, .dense, .output, .bias, .cross, .crossOutput: .deep
        }
    }

    /// Whether it is a table of which a batch touches the rows of its ids alone.
    package var isTable: Bool {
        switch self {
        case .linear, .embedding, .factors: true
        case .intercept, .dense, .output, .bias, .cross, .crossOutput: false
        }
    }

    /// Whether its rows are vectors of the ids of one feature.
    package var isEmbedding: Bool { self == .embedding || self == .factors }
}

/// Parameters that share an optimiser's settings.
package enum OptimizerGroup: Int, Sendable, CaseIterable {
    case intercept
    case linear
    case deep
}
