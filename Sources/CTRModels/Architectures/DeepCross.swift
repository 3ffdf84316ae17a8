import CTRNetwork

/// DCN (Wang et al., "Deep & Cross Network for Ad Click Predictions", 2017):
///
///     P(click) = σ( bias + cross(x₀) · u + deep(x₀) ),    xₗ₊₁ = x₀ (xₗ · wₗ) + bₗ + xₗ
///
/// x₀ are the embeddings and numbers side by side; each of the `cross_layers` raises the degree of their products by one.
enum DeepCross: Architecture {
    static let name = ModelName.deepCross
    static let title = "DCN"
    static let traits = Traits(isLinear: false, hasHiddenLayers: true, hasBinEmbeddings: true, hasCrossLayers: true)

    static func declare(_ inputs: ModelInputs, in network: inout Blueprint) {
        let intercept = network.intercept()
        var terms = [(LogitPart.linear, network.linear(intercept, []))]
        if let first = inputs.fields(in: &network) {
            let crossed = network.crossVectors(first, layers: inputs.options.crossLayers, name: "cross.layers")
            let cross = network.dense(
                crossed, width: 1, isHidden: false, name: "cross.output", role: .crossOutput)
            terms.append((.cross, cross))
            terms.append((.deep, network.tower(first, hidden: inputs.options.hiddenUnits)))
        }
        network.add(terms: terms)
    }
}

extension ModelName {
    /// DCN (Wang et al., 2017): a cross network, whose layers have a vector each, beside a deep part.
    public static let deepCross = ModelName(rawValue: "dcn")
}
