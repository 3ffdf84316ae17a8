import CTRNetwork

/// DeepFM (Guo et al., "DeepFM: A Factorization-Machine based Neural Network for CTR Prediction", 2017, equation 1):
///
///     P(click) = σ( bias + Σ weights + Σ over pairs of fields ⟨vᵢ, vⱼ⟩ + deep(v₁, …, vₙ, numbers) )
///
/// The factorization machine and the deep part share the fields' vectors: no crosses are made by hand.
enum DeepFM: Architecture {
    static let name = ModelName.deepFM
    static let title = "DeepFM"
    static let traits = Traits(hasHiddenLayers: true)

    static func declare(_ inputs: ModelInputs, in network: inout Blueprint) {
        let intercept = network.intercept()
        let weights = inputs.linear(in: &network, leavesFrequent: true)
        var terms = [(LogitPart.linear, network.linear(intercept, weights))]
        var fields = inputs.factors(in: &network)
        let count = fields.count
        inputs.addNumbers(to: &fields)
        if fields.width > 0 {
            let input = network.fields(fields)
            terms.append((.pairs, network.pairs(input, fields: count, width: inputs.factorWidth)))
            terms.append((.deep, network.tower(input, hidden: inputs.options.hiddenUnits)))
        }
        network.add(terms: terms)
    }
}

extension ModelName {
    /// DeepFM (Guo et al., 2017): a factorization machine and a deep part on the same vectors.
    public static let deepFM = ModelName(rawValue: "deepfm")
}
