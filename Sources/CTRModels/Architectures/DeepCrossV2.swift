import CTRNetwork

/// DCN v2 (Wang et al., "DCN V2: Improved Deep & Cross Network", 2021, parallel structure):
///
///     P(click) = σ( bias + cross(x₀) · u + deep(x₀) ),    xₗ₊₁ = x₀ ⊙ (Wₗ xₗ + bₗ) + xₗ
///
/// x₀ are the embeddings and numbers side by side; each of the `cross_layers` raises the degree of their products by one.
enum DeepCrossV2: Architecture {
    static let name = ModelName.deepCrossV2
    static let title = "DCN v2"
    static let traits = Traits(isLinear: false, hasHiddenLayers: true, hasBinEmbeddings: true, hasCrossLayers: true)

    static func declare(_ inputs: ModelInputs, in network: inout Blueprint) {
        let intercept = network.intercept()
        var terms = [(LogitPart.linear, network.linear(intercept, []))]
        if let first = inputs.fields(in: &network) {
            var signal = first
            for layer in 0..<inputs.options.crossLayers {
                signal = network.crossMatrix(first, signal, name: "cross.layers.\(layer)")
            }
            let cross = network.dense(
                signal, width: 1, isHidden: false, name: "cross.output", role: .crossOutput)
            terms.append((.cross, cross))
            terms.append((.deep, network.tower(first, hidden: inputs.options.hiddenUnits)))
        }
        network.add(terms: terms)
    }
}

extension ModelName {
    /// DCN v2 (Wang et al., 2021): a cross network, whose layers have a matrix each, beside a deep part.
    public static let deepCrossV2 = ModelName(rawValue: "dcn_v2")
}
