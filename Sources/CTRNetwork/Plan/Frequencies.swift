import CTRFeatures
import CTRKernels

/// How many rows each row of a sparse table has to learn from: the training rows, or all trainings' where there were
/// more. Penalties are shared out by it.
enum Frequencies {
    /// By parameter. `occurrences`: how often each listed category stood in all trainings, by feature.
    static func count(
        _ network: Network, _ rows: TrainingRows, training: [Int32], occurrences: [ExactText: [Int]],
        interruption: Interruption?
    ) throws(CTRError) -> [Int: IndexBuffer] {
        var all: [Int: IndexBuffer] = [:]
        for (parameter, table) in network.blueprint.sources where table.countsRows {
            try interruption?.check()
            let shape = network.blueprint.parameters[parameter]
            let counts = IndexBuffer(count: shape.rows)
            let rowOfID = network.rowOfID(parameter)
            for row in training {
                for id in rows.ids(table.source, row: Int(row)) {
                    counts.base[Int(rowOfID.map { $0.base[Int(id)] } ?? id)] &+= 1
                }
            }
            for (index, count) in (occurrences[ExactText(shape.feature)] ?? []).enumerated()
            where Vocabulary.reserved + index < counts.count {
                let row = Vocabulary.reserved + index
                counts.base[row] = max(counts.base[row], Int32(clamping: count))
            }
            all[parameter] = counts
        }
        return all
    }
}
