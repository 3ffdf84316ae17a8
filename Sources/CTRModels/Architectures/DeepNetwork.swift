import CTRNetwork

/// Embeddings under an MLP (Covington, Adams and Sargin, "Deep Neural Networks for YouTube Recommendations", 2016, figure
/// 7):
///
///     P(click) = σ( bias + deep(x₀) ),    aₗ₊₁ = ReLU(Wₗ aₗ + bₗ),    a₀ = x₀
///
/// x₀ are the embeddings and numbers side by side. It is what Wide & Deep, DeepFM and DCN add their other part to.
enum DeepNetwork: Architecture {
    static let name = ModelName.deepNetwork
    static let title = "DNN"
    static let traits = Traits(isLinear: false, hasHiddenLayers: true, hasBinEmbeddings: true)

    static func declare(_ inputs: ModelInputs, in network: inout Blueprint) {
        let intercept = network.intercept()
        var terms = [(LogitPart.linear, network.linear(intercept, []))]
        if let fields = inputs.fields(in: &network) {
            terms.append((.deep, network.tower(fields, hidden: inputs.options.hiddenUnits)))
        }
        network.add(terms: terms)
    }
}

extension ModelName {
    /// DNN (Covington et al., 2016): hidden layers on embeddings and numbers, and nothing beside them.
    public static let deepNetwork = ModelName(rawValue: "dnn")
}
