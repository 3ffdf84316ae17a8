import CTRFeatures
import CTRKernels
import CTRNetwork

/// Finds the crosses that pay: pairs of features that tell more together than the additive model of all features does.
///
/// As FAST ranks pairwise interactions (Lou et al., 2013), but by what a pair gains on rows that it has not seen: rows
/// are dealt into folds, the additive model gives each row a logit without its fold, and each pair's cells are given the
/// Newton step for it from the other folds. The pair that betters the log loss most joins the logits, as long as there
/// is one that does so by more than chance and enough to be worth its weights.
package struct CrossSearch {
    /// A cross that the model found, and by how much it lowers the log loss of rows not seen, in nats a row.
    package struct Found: Sendable, Equatable {
        package var features: [String]
        package var gain: Double
    }

    /// Of a table with more features than this no pair is tried: their number grows with the square.
    static let mostFeatures = 50
    static let mostCrosses = 8
    /// More rows than this do not make the choice surer, only slower; and fewer where there are many pairs.
    static let mostRows = 100_000
    static let mostRowsOfPairs = 40_000_000
    /// A gain has to be so many standard errors above 0. Chance lets some pairs of many pass, of small gains: what does
    /// not pay beside the deep part goes after the first training.
    static let standardErrors = 2.0
    /// And this share of the log loss, below which it is not worth its weights.
    static let leastGain = 0.0005
    /// Pairs still tried once the first is chosen.
    private static let survivors = 30
    private static let folds = 3
    /// Of the additive model: its epochs, rate and `l2`. Held too little, it has learnt ids by heart, and its logits without
    /// the fold are too noisy for any pair to better them; held too much, pairs are chosen for what one feature tells.
    private static let epochs = 6
    private static let learningRate = 0.5
    private static let l2 = 10.0

    let encoder: FeatureEncoder
    let rows: EncodedRows
    let labels: [Bool]
    let weights: [Double]
    let options: ModelOptions
    var interruption: Interruption?

    /// The crosses, the best first; none where there are too few rows to tell.
    func run() throws(CTRError) -> [Found] {
        let candidates = encoder.features.filter { $0.spec.kind != .multi && $0.rowCount > 1 }
        guard candidates.count >= 2, candidates.count <= Self.mostFeatures else { return [] }
        let threads = options.threads == 0 ? ThreadPool.processorCount : options.threads
        try Memory.require(need(candidates.count, threads), for: "the search for crosses in \(labels.count) rows")
        let sample = sampled(pairs: candidates.count * (candidates.count - 1) / 2)
        let clicks = sample.reduce(0) { labels[Int($1)] ? $0 + 1 : $0 }
        guard min(clicks, sample.count - clicks) >= 20 * Self.folds else { return [] }
        let folds = PairFolds(
            count: Self.folds, fold: dealt(sample), labels: sample.map { labels[Int($0)] },
            weights: sample.map { weights[Int($0)] })
        var logits = try additiveLogits(sample, folds: folds.fold)
        let columns = candidates.map { feature in
            sample.map { rows.ids.base[Int($0) * rows.slotCount + feature.slot] }
        }
        var pairs: [(first: Int, second: Int)] = []
        for first in candidates.indices {
            for second in candidates.indices where second > first { pairs.append((first, second)) }
        }
        var found: [Found] = []
        let needed = Self.leastGain * folds.logLoss(logits)
        while found.count < Self.mostCrosses, !pairs.isEmpty {
            let gains = PairGain.all(
                pairs.map { (columns[$0.first], columns[$0.second]) }, folds, logits, threads, interruption)
            try interruption?.check()
            let ranked = pairs.indices.sorted { (gains[$0].mean, $1) > (gains[$1].mean, $0) }
            guard
                let best = ranked.first(where: { gains[$0].mean >= max(needed, Self.standardErrors * gains[$0].error) })
            else { break }
            let (first, second) = pairs[best]
            found.append(
                Found(
                    features: [candidates[first].spec.name, candidates[second].spec.name], gain: gains[best].mean))
            let steps = PairGain.steps(columns[first], columns[second], folds, logits)
            for position in logits.indices { logits[position] += steps[position] }
            pairs = ranked.prefix(Self.survivors).filter { $0 != best && gains[$0].mean > 0 }.map { pairs[$0] }
        }
        return found
    }

    /// Bytes, at most: every row's weight in turn and without a fold, the sample's columns, and each thread's cells.
    private func need(_ features: Int, _ threads: Int) -> Int {
        let sample = min(Self.mostRows, labels.count)
        return Memory.bytes(labels.count, each: 64) + sample * (4 * features + 64 + 160 * ThreadPool.workers(threads))
    }

    /// Rows of some weight, in order.
    private func sampled(pairs: Int) -> [Int32] {
        let most = min(Self.mostRows, Self.mostRowsOfPairs / max(pairs, 1))
        var chosen = weights.indices.filter { weights[$0] > 0 }.map { Int32(truncatingIfNeeded: $0) }
        guard chosen.count > most else { return chosen }
        var random = RandomStream(seed: options.seed, 4)
        random.shuffle(&chosen)
        return chosen.prefix(most).sorted()
    }

    private func dealt(_ sample: [Int32]) -> [Int] {
        var random = RandomStream(seed: options.seed, 5)
        return sample.map { _ in random.nextIndex(below: Self.folds) }
    }

    /// Each row's logit by an additive model of the other folds' rows.
    private func additiveLogits(_ sample: [Int32], folds: [Int]) throws(CTRError) -> [Float] {
        let trainingRows = TrainingRows(rows)
        var settings = options
        (settings.part, settings.earlyStopping, settings.epochs) = (.wide, false, Self.epochs)
        (settings.classWeight, settings.wideOptimizer, settings.l1, settings.l2) = (nil, .ftrl, 0, Self.l2)
        settings.wideLearningRate = Self.learningRate
        var logits = [Float](repeating: 0, count: sample.count)
        for fold in 0..<Self.folds {
            var outside = [Double](repeating: 0, count: labels.count)
            var tested: [Int32] = []
            var positions: [Int] = []
            for (position, row) in sample.enumerated() {
                if folds[position] == fold {
                    tested.append(row)
                    positions.append(position)
                } else {
                    outside[Int(row)] = weights[Int(row)]
                }
            }
            let set = try TrainingSet(
                rows: trainingRows, labels: labels, weights: outside, time: nil, options: settings)
            let model = try Network(Blueprint(additive: encoder)) { Parameter($0, seed: options.seed) }
            var trainer = Trainer(model: model, set: set, options: settings)
            trainer.interruption = interruption
            _ = try trainer.run()
            let selection = IndexBuffer(tested)
            let part = FloatBuffer(count: tested.count)
            try Ensemble([model]).logits(trainingRows, range: 0..<tested.count, of: selection, into: part.base)
            for (index, position) in positions.enumerated() { logits[position] = part.base[index] }
        }
        return logits
    }
}

extension CrossSearch.Found {
    var json: JSON {
        ["features": .array(features.map { .string($0) }), "gain": .number(gain)]
    }

    init(json: JSON) throws(CTRError) {
        let names = try json.array("features", of: "crosses_found")
        let features = names.compactMap(\.stringValue)
        guard features.count == names.count, features.count >= 2 else {
            throw json.wrong("features", "an array of two or more names", of: "crosses_found")
        }
        self.init(features: features, gain: try json.number("gain", of: "crosses_found"))
    }
}
