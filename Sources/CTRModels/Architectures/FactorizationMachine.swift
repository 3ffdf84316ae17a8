import CTRNetwork

/// A factorization machine of degree 2 (Rendle, "Factorization Machines", 2010, equation 1):
///
///     P(click) = σ( bias + Σ weights + Σ over pairs of fields ⟨vᵢ, vⱼ⟩ )
///
/// Each field has a weight and a vector of `embedding_dim` for each of its ids, numbers for each of their bins.
enum FactorizationMachine: Architecture {
    static let name = ModelName.factorizationMachine
    static let title = "FM"
    static let traits = Traits(sharesFeatures: true)

    static func declare(_ inputs: ModelInputs, in network: inout Blueprint) {
        let intercept = network.intercept()
        let weights = inputs.linear(in: &network, leavesFrequent: false)
        var terms = [(LogitPart.linear, network.linear(intercept, weights))]
        let factors = inputs.factors(in: &network)
        if factors.width > 0 {
            let input = network.fields(factors)
            terms.append((.pairs, network.pairs(input, fields: factors.count, width: inputs.factorWidth)))
        }
        network.add(terms: terms)
    }
}

extension ModelName {
    /// A factorization machine of degree 2 (Rendle, 2010): LR and the products of all pairs of fields' vectors.
    public static let factorizationMachine = ModelName(rawValue: "fm")
}
