import CTRNetwork

/// Wide & Deep (Cheng et al., "Wide & Deep Learning for Recommender Systems", 2016, equation 3):
///
///     P(click) = σ( bias + Σ wide weights + deep(embeddings, numbers) )
///
/// The wide part is linear in the features' ids and their crosses and memorises; the deep part is a ReLU network on
/// embeddings and numbers and generalises. Both feed one logit and are trained together on its logistic loss.
enum WideDeep: Architecture {
    static let name = ModelName.wideDeep
    static let title = "Wide & Deep"
    static let traits = Traits(findsCrosses: true, hasHiddenLayers: true, hasBinEmbeddings: true, hasParts: true)

    static func declare(_ inputs: ModelInputs, in network: inout Blueprint) {
        let part = inputs.options.part
        let isDeep = part != .wide && inputs.areDeep
        let intercept = network.intercept()
        let wide = part == .deep ? [] : inputs.linear(in: &network, leavesFrequent: isDeep)
        var terms = [(LogitPart.linear, network.linear(intercept, wide))]
        if isDeep, let fields = inputs.fields(in: &network) {
            terms.append((.deep, network.tower(fields, hidden: inputs.options.hiddenUnits)))
        }
        network.add(terms: terms)
    }
}

extension ModelName {
    /// Wide & Deep (Cheng et al., 2016), the default: a linear part on ids and crosses beside a deep part.
    public static let wideDeep = ModelName(rawValue: "wide_deep")
}
