import CTRFeatures
import CTRKernels
import CTRNetwork

/// Encoded rows with their labels and weights, divided into rows to train on and rows to validate on.
package struct TrainingSet: Sendable {
    package let rows: TrainingRows
    package let targets: Targets
    /// In a continued training with replayed rows, each new one stands `newRowVisits` times.
    package let training: [Int32]
    package let validation: [Int32]

    /// Visits to a new row in an epoch, to one of a replayed row. Of 2 to 9, the most come nearest to training anew.
    package static let newRowVisits = 8

    /// `replayed` marks the rows of earlier trainings; nil in a first training.
    package init(
        rows: TrainingRows, labels: [Bool], weights: [Double], time: [Double]?, options: ModelOptions,
        isFirst: Bool = true, replayed: [Bool]? = nil
    ) throws(CTRError) {
        self.rows = rows
        var split = Self.split(labels: labels, weights: weights, time: time, options: options)
        if let replayed {
            split.training = split.training.flatMap {
                repeatElement($0, count: replayed[Int($0)] ? 1 : Self.newRowVisits)
            }
        }
        training = split.training
        validation = split.validation
        var classes = (1.0, 1.0)
        let sum = { (label: Bool) in
            split.training.reduce(0.0) { labels[Int($1)] == label ? $0 + weights[Int($1)] : $0 }
        }
        let (others, clicks) = (sum(false), sum(true))
        guard isFirst ? others > 0 && clicks > 0 : others + clicks > 0 else {
            throw .invalidData(
                "the labels are all \(clicks > 0 ? 1 : 0) (or their weights 0): a first training needs rows of both classes"
            )
        }
        guard (others + clicks).isFinite, (1 / (others + clicks)).isFinite else {
            throw .invalidData(
                "the row weights add up to \(others + clicks), too far from 1 to be scaled; give them a mean near 1")
        }
        switch options.classWeight {
        case .balanced: classes = (others > 0 ? 0.5 / others : 0, clicks > 0 ? 0.5 / clicks : 0)
        case .weights(let negative, let positive): classes = (negative, positive)
        case nil: break
        }
        let total = others * classes.0 + clicks * classes.1
        guard total > 0 else {
            throw .invalidArgument("class_weight leaves no row any weight; give at least one class a weight above 0")
        }
        let norm = Double(training.count) / total
        guard total.isFinite, norm.isFinite else {
            throw .invalidData(
                "the rows' weights, \(clicks) of clicks and \(others) of others, add up to \(total) with class_weight "
                    + "\([classes.0, classes.1]): too far from 1 to be scaled; give both a mean near 1")
        }
        let scaled = FloatBuffer(
            zip(labels, weights).map { label, weight in Float(weight * (label ? classes.1 : classes.0) * norm) })
        targets = Targets(labels: FloatBuffer(labels.map { $0 ? 1 : 0 }), weights: scaled)
        if let row = validation.first(where: { !scaled.base[Int($0)].isFinite }) {
            throw .invalidData(
                "the weight of row \(row) (from 0), \(weights[Int(row)]), is too large beside the training rows', "
                    + "\((others + clicks) / Double(training.count)) on average")
        }
    }

    func weight(_ row: Int32) -> Double { Double(targets.weights.base[Int(row)]) }
    func isClick(_ row: Int32) -> Bool { targets.labels.base[Int(row)] > 0.5 }

    /// Weighted click rate of the training rows.
    package var clickRate: Double {
        var clicks = 0.0, total = 0.0
        for row in training {
            total += weight(row)
            if isClick(row) { clicks += weight(row) }
        }
        return clicks / total
    }

    /// The latest rows where there is a time, else of each class a random share. A part in which a class is missing, or
    /// fewer than ten rows, judges nothing: then there is none, and every row is trained on.
    private static func split(
        labels: [Bool], weights: [Double], time: [Double]?, options: ModelOptions
    ) -> (training: [Int32], validation: [Int32]) {
        let all = (0..<labels.count).filter { weights[$0] > 0 }
        let wanted = Int((Double(all.count) * options.validationFraction).rounded())
        var validation: [Int] = []
        if options.earlyStopping, wanted >= 10 {
            if let time {
                validation = Array(all.sorted { (time[$0], $0) < (time[$1], $1) }.suffix(wanted))
            } else {
                for label in [false, true] {
                    var rows = all.filter { labels[$0] == label }.map { Int32(truncatingIfNeeded: $0) }
                    var random = RandomStream(seed: options.seed, 1, label ? 1 : 0)
                    random.shuffle(&rows)
                    let share = Int((Double(rows.count) * options.validationFraction).rounded())
                    validation += rows.prefix(share).map { Int($0) }
                }
            }
        }
        // Beside the heaviest row's a weight may be 0 in single precision.
        let heaviest = weights.max() ?? 0
        var isValidation = [Bool](repeating: false, count: labels.count)
        for row in validation { isValidation[row] = true }
        let training = all.filter { !isValidation[$0] }
        for part in [validation, training]
        where Set(part.lazy.filter { Float(weights[$0] / heaviest) > 0 }.map { labels[$0] }).count < 2 {
            return (all.map { Int32(truncatingIfNeeded: $0) }, [])
        }
        return (
            training.map { Int32(truncatingIfNeeded: $0) }, validation.sorted().map { Int32(truncatingIfNeeded: $0) }
        )
    }
}
