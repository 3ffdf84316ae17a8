import CTRFeatures
import CTRKernels

/// Refuses a training that cannot have the memory it takes, of this machine or of the container that it runs in: an
/// allocation that fails would end the process.
enum MemoryNeed {
    static func check(_ encoder: FeatureEncoder, rows: Int, options: ModelOptions) throws(CTRError) {
        let (parameters, activations) = floats(encoder, options)
        // Floats a parameter: weights, two of optimiser state, average and its step, best epoch, and packed twice in the
        // layers; then
        // a batch's inputs and gradients, each also packed; and the models trained already, with their state.
        let batch = Double(Trainer.batchSize(rows: rows, options: options))
        let others = Double(max(options.members - 1, options.refit || options.crosses == nil ? 1 : 0) * 3)
        // A row's ids and fractions; its label, weight, place, loss and logit, and what the order of its score for the
        // AUC takes.
        let row = Double(encoder.slotCount + encoder.fractionCount + 32)
        let workers = Double(ThreadPool.workers(options.workers)) * scratch(encoder, options, batch)
        let needed = 4 * (parameters * (8 + others) + activations * batch * 3 + workers + row * Double(rows))
        let available = Double(Memory.available)
        guard needed < available, Memory.holds(Int(needed)) else {
            let mebibytes = { (bytes: Double) in String(Int((bytes / 0x1p20).rounded(.up))) }
            throw .invalidArgument(
                "training this model on \(rows) rows takes about \(mebibytes(needed)) MiB, of which "
                    + "\(mebibytes(available)) may be taken here: lower hidden_units (\(options.hiddenUnits)), "
                    + "embedding_dim or batch_size (\(options.batchSize)), or give it fewer rows")
        }
    }

    /// A worker's, for sums of gradients: of rows of a layer's weights, or of an embedding that is looked up.
    private static func scratch(_ encoder: FeatureEncoder, _ options: ModelOptions, _ batch: Double) -> Double {
        guard options.part != .wide else { return 0 }
        let widest = Double(options.hiddenUnits.max() ?? 1)
        let tables = encoder.features.map { feature in
            min(Double(feature.rowCount), batch / 8)
                * Double(options.embeddingDimension ?? WideDeep.embeddingDimension(feature.rowCount))
        }
        return widest * Double(2 * BatchWorkspace.gradientRows) + (tables.max() ?? 0)
    }

    private static func floats(_ encoder: FeatureEncoder, _ options: ModelOptions) -> (Double, Double) {
        var parameters = 0.0
        var width = 0.0
        for feature in encoder.features {
            let rows = Double(feature.rowCount)
            parameters += rows
            guard options.part != .wide, feature.spec.isDeep else { continue }
            if case .numeric(let bins) = feature.state {
                width += Double(bins.width)
                if options.binEmbeddings, !bins.modes.isEmpty {
                    let dimension = options.embeddingDimension ?? WideDeep.binDimension
                    parameters += rows * Double(dimension)
                    width += Double(dimension)
                }
            } else {
                let dimension = options.embeddingDimension ?? WideDeep.embeddingDimension(feature.rowCount)
                parameters += rows * Double(dimension)
                width += Double(dimension)
            }
        }
        for cross in encoder.crosses { parameters += Double(cross.vocabulary.rowCount) }
        var activations = width
        if options.part != .wide {
            for outputs in options.hiddenUnits.map({ Double($0) }) {
                parameters += width * outputs
                activations += outputs
                width = outputs
            }
        }
        return (parameters, activations)
    }
}
