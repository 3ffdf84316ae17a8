import CTRNetwork

/// A model of the course: its network, and what else depends on which model it is.
package protocol Architecture: Sendable {
    static var name: ModelName { get }
    /// For people.
    static var title: String { get }
    static var traits: Traits { get }

    /// Its network on these inputs.
    static func declare(_ inputs: ModelInputs, in network: inout Blueprint)
}

/// What the options and the schema are to a model.
package struct Traits: Sendable {
    /// Whether crosses are searched for where none are given: other models find interactions by themselves.
    var findsCrosses = false
    /// Whether ids and crosses have weights.
    var isLinear = true
    /// Whether it reads what a schema leaves to the deep part.
    var hasDeepPart = true
    /// Whether numbers and categories of few values, where the schema is inferred, feed the linear part, too.
    var sharesFeatures = false
    var hasHiddenLayers = false
    /// Whether the bins of a number with modes have an embedding beside its encoding.
    var hasBinEmbeddings = false
    var hasCrossLayers = false
    /// Whether it can be cut down to one part, for ablations.
    var hasParts = false
}

/// The models there are.
package enum Architectures {
    package static let all: [any Architecture.Type] = [
        LogisticRegression.self, FactorizationMachine.self, WideDeep.self, DeepFM.self, DeepCross.self,
        DeepCrossV2.self, DeepNetwork.self,
    ]
}

extension ModelOptions {
    package var architecture: any Architecture.Type {
        Architectures.all.first { $0.name == model } ?? WideDeep.self
    }
}
