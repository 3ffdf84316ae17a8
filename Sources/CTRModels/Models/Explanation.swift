import CTRFeatures
import CTRKernels
import CTRNetwork

/// Why a row has its click probability: the terms of its logit.
///
///     logit = bias + Σ wide weights + deep      (Cheng et al., 2016, equation 3)
package struct Explanation: Sendable {
    /// What a feature or cross adds to the logit.
    package struct Term: Sendable {
        package var feature: String
        package var value: MatchedValue
        package var weight: Float
    }

    package var probability: Double
    package var logit: Float
    package var bias: Float
    /// The deep part's logit; 0 where the model has none.
    package var deep: Float
    /// In the model's order: features, then crosses.
    package var wide: [Term]
}

extension FittedModel {
    /// One explanation a row. Probability and logit are the prediction's to the bit; bias, terms and deep part, means
    /// over the ensemble's models, add up to the logit within rounding.
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
            let deep = try ensemble.terms(rows, row: row)[.deep] ?? 0
            var logit: Float = 0
            try ensemble.logits(rows, range: row..<(row + 1), into: &logit)
            for value in [logit, bias, deep] + terms.map(\.weight) where !value.isFinite {
                throw Ensemble.notFinite(value, row: row)
            }
            explanations.append(
                Explanation(
                    probability: DenseKernels.probability(logit), logit: logit, bias: bias, deep: deep, wide: terms))
        }
        return explanations
    }
}

extension Explanation {
    package var json: JSON {
        [
            "probability": .number(probability), "logit": .number(Double(logit)), "bias": .number(Double(bias)),
            "deep": .number(Double(deep)), "wide": .array(wide.map(\.json)),
        ]
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
