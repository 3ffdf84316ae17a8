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

    package init(_ name: String, _ role: Role, rows: Int, width: Int, feature: String = "") {
        self.name = name
        self.role = role
        self.rows = rows
        self.width = width
        self.feature = feature
    }
}
