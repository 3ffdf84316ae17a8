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

package struct Traits: Sendable {
    /// Whether crosses are searched for where none are given: other models find interactions by themselves.
    package var findsCrosses = false
}

/// The models there are.
package enum Architectures {
    package static let all: [any Architecture.Type] = [
        WideDeep.self
    ]
}

extension ModelOptions {
    package var architecture: any Architecture.Type {
        Architectures.all.first { $0.name == model } ?? WideDeep.self
    }
}
