import CTRFeatures
import CTRKernels
import CTRNetwork

/// Why a row has its click probability: the terms of its logit.
///
///     logit = bias + Σ weights + what the model's other parts add, in its order
///
/// ```swift
/// let explanation = try model.explain(page)[0]
/// print("logit \(explanation.logit) = bias \(explanation.bias)")
/// for term in explanation.wide { print("+ \(term.weight) \(term.feature)") }
/// for part in explanation.parts { print("+ \(part.logit) \(part.name)") }
/// ```
public struct Explanation: Sendable, Equatable {
    /// What a feature or cross adds to the logit.
    ///
    /// ```swift
    /// let heaviest = try model.explain(page)[0].wide.max { abs($0.weight) < abs($1.weight) }
    /// if let heaviest { print(heaviest.feature, heaviest.value, heaviest.weight) }
    /// ```
    public struct Term: Sendable, Equatable {
        /// The name of the feature or cross.
        public let feature: String
        /// What the row's value was taken for.
        public let value: MatchedValue
        /// What it adds.
        public let weight: Float
    }

    /// What a part of the model adds.
    ///
    /// ```swift
    /// var options = ModelOptions()
    /// options.model = .deepFM
    /// let deepFM = try CTRModel(options)
    /// try deepFM.train(log)
    /// print(try deepFM.explain(page)[0].parts.map(\.name))  // ["pairs", "deep"]
    /// ```
    public struct Part: Sendable, Equatable {
        /// `pairs` of fields, `cross` network or `deep` layers.
        public let name: String
        /// What it adds.
        public let logit: Float
    }

    /// The click probability, as ``CTRModel/predict(_:)`` answers it.
    public let probability: Double
    /// The probability is its logistic function.
    public let logit: Float
    /// The same in every row.
    public let bias: Float
    /// Of the model's other parts, in its order.
    public let parts: [Part]
    /// The linear part's terms in the model's order: features, then crosses.
    public let wide: [Term]
}

extension FittedModel {
    /// One explanation a row. Probability and logit are the prediction's to the bit; bias, terms and parts are means over
    /// the ensemble's models and add up to the logit: of one model to the bit, of several within rounding.
    package func explain(_ table: Table) throws(CTRError) -> [Explanation] {
        let encoded = try encoder.encode(table)
        let matches = try encoder.matches(table, encoded: encoded)
        let rows = TrainingRows(encoded)
        let members = ensemble.members
        let linear = members[0].linear
        let share = 1 / Float(members.count)
        let bias = members.reduce(0) { $0 + $1.intercept } * share
        var explanations: [Explanation] = []
        for row in 0..<rows.rowCount {
            let terms = linear.enumerated().map { index, feature in
                Explanation.Term(
                    feature: feature.name, value: matches[ExactText(feature.name)]?[row] ?? .missing,
                    weight: ensemble.linearTerm(index, rows, row: row))
            }
            let parts = try ensemble.terms(rows, row: row).filter { $0.part != .linear }
                .map { Explanation.Part(name: $0.part.rawValue, logit: $0.logit) }
            var logit: Float = 0
            try ensemble.logits(rows, range: row..<(row + 1), into: &logit)
            for value in [logit, bias] + parts.map(\.logit) + terms.map(\.weight) where !value.isFinite {
                throw Ensemble.notFinite(value, row: row)
            }
            explanations.append(
                Explanation(
                    probability: DenseKernels.probability(logit), logit: logit, bias: bias, parts: parts, wide: terms))
        }
        return explanations
    }
}

extension Explanation {
    /// The deep part's logit; 0 where the model has none.
    public var deep: Float { parts.first { $0.name == Self.deepName }?.logit ?? 0 }

    private static let deepName = LogitPart.deep.rawValue

    package var json: JSON {
        // The deep part stands there for every model, first as ever.
        let others = parts.filter { $0.name != Self.deepName }.map { ($0.name, JSON.number(Double($0.logit))) }
        return .object(
            [
                ("probability", .number(probability)), ("logit", .number(Double(logit))),
                ("bias", .number(Double(bias))), ("deep", .number(Double(deep))),
            ] + others + [("wide", .array(wide.map(\.json)))])
    }
}

extension Explanation.Term {
    fileprivate var json: JSON {
        ["feature": .string(feature), "value": value.json, "weight": .number(Double(weight))]
    }
}

extension MatchedValue {
    /// A category is a string, so whatever else there is to say is none.
    fileprivate var json: JSON {
        switch self {
        case .missing: .null
        case .bin(let from, let to): ["from": from.map { .number($0) } ?? .null, "to": to.map { .number($0) } ?? .null]
        case .category(let text): .string(text)
        case .list(let values): .array(values.map(\.json))
        case .unknown(let value): ["unknown": value.json]
        }
    }
}
