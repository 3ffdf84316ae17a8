import CTRNetwork

/// Logistic regression, on a weight for each id (McMahan et al., "Ad Click Prediction: a View from the Trenches", 2013):
///
///     P(click) = σ( bias + Σ weights )
enum LogisticRegression: Architecture {
    static let name = ModelName.logisticRegression
    static let title = "LR"
    static let traits = Traits(hasDeepPart: false, sharesFeatures: true)

    static func declare(_ inputs: ModelInputs, in network: inout Blueprint) {
        let intercept = network.intercept()
        let features = inputs.linear(in: &network, leavesFrequent: false)
        network.add(terms: [(.linear, network.linear(intercept, features))])
    }
}

extension ModelName {
    /// Logistic regression on a weight for each id: the baseline.
    public static let logisticRegression = ModelName(rawValue: "lr")
}
