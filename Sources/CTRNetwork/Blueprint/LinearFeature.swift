/// A feature or cross of a linear layer: a weight for each id. The values of a multi-valued feature are averaged.
package struct LinearFeature: Sendable {
    package let name: String
    package let source: IDSource
    /// The weights, by their index among the network's parameters: ids × 1.
    package let parameter: Int

    package init(name: String, source: IDSource, parameter: Int) {
        (self.name, self.source, self.parameter) = (name, source, parameter)
    }
}
