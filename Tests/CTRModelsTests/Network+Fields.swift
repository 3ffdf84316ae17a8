import CTRKernels

@testable import CTRNetwork

extension Network {
    private var fields: [FieldsLayer] { blueprint.layers.compactMap { $0 as? FieldsLayer } }

    var numbers: [NumberField] { fields.flatMap(\.numbers) }
    var embeddings: [EmbeddingField] { fields.flatMap(\.embeddings) }

    /// The features of the linear part with their weights.
    var linearWeights: [(feature: LinearFeature, weights: FloatBuffer)] {
        linear.map { ($0, parameters[$0.parameter].weights) }
    }
}
