/// A block of parameters that a blueprint asks for.
package struct ParameterShape: Sendable, Equatable {
    /// Unique in its network; the block's name in the model file.
    package let name: String
    package let role: Role
    package let rows: Int
    package let width: Int
    /// The feature or cross whose ids its rows are, of a table.
    package let feature: String

    package var count: Int { rows * width }

    /// By how much its optimiser's rate is multiplied. What a cross network multiplies are sums over its whole width, which
    /// steps of one sign carry off where it is wide: there the rate falls with the width.
    package var rateShare: Float {
        switch role {
        case .cross, .crossOutput: min(1, 32 / Float(max(rows, 1)))
        case .intercept, .linear, .embedding, .factors, .dense, .output, .bias: 1
        }
    }

    package init(_ name: String, _ role: Role, rows: Int, width: Int, feature: String = "") {
        self.name = name
        self.role = role
        self.rows = rows
        self.width = width
        self.feature = feature
    }
}
