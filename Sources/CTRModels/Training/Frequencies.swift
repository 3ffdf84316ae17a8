import CTRFeatures
import CTRKernels

/// How many rows each weight of the sparse tables has to learn from: the training rows, or all trainings' where there
/// were more.
struct Frequencies {
    /// Of each embedding's rows: the penalty is shared out by it.
    let embeddings: [IndexBuffer]
    /// Of the wide weights of each feature that is no cross, where there is a deep part to leave frequent ids to.
    let wide: [IndexBuffer?]

    /// `occurrences`: how often each listed category stood in all trainings, by feature.
    init(
        model: WideDeep, set: TrainingSet, occurrences: [ExactText: [Int]], interruption: Interruption?
    ) throws(CTRError) {
        embeddings = try model.embeddings.map { (layer) throws(CTRError) in
            try interruption?.check()
            return Self.count(
                layer.source, rows: layer.table.rows, in: set, all: occurrences[ExactText(layer.name)] ?? [],
                rowOfID: layer.rowOfID)
        }
        wide = try model.wide.map { (layer) throws(CTRError) in
            if model.dense.isEmpty || layer.isCross { return nil }
            try interruption?.check()
            return Self.count(
                layer.source, rows: layer.table.rows, in: set, all: occurrences[ExactText(layer.name)] ?? [],
                rowOfID: nil)
        }
    }

    private static func count(
        _ source: IDSource, rows: Int, in set: TrainingSet, all: [Int], rowOfID: IndexBuffer?
    ) -> IndexBuffer {
        let counts = IndexBuffer(count: rows)
        for row in set.training {
            for id in set.rows.ids(source, row: Int(row)) {
                counts.base[Int(rowOfID.map { $0.base[Int(id)] } ?? id)] &+= 1
            }
        }
        for (index, count) in all.enumerated() where Vocabulary.reserved + index < counts.count {
            let row = Vocabulary.reserved + index
            counts.base[row] = max(counts.base[row], Int32(clamping: count))
        }
        return counts
    }
}
