import CTRFeatures
import CTRKernels
import CTRNetwork

/// Refuses a training that cannot have the memory it takes, of this machine or of the container that it runs in: an
/// allocation that fails would end the process.
enum MemoryNeed {
    static func check(
        _ blueprint: Blueprint, _ encoder: FeatureEncoder, rows: Int, options: ModelOptions
    ) throws(CTRError) {
        let (parameters, activations) = (blueprint.parameterCount, blueprint.activationCount)
        // Floats a parameter: weights, two of optimiser state, average and its step, best epoch, and packed twice in the
        // layers; then
        // a batch's inputs and gradients, each also packed; and the models trained already, with their state.
        let batch = Double(Trainer.batchSize(rows: rows, options: options))
        let others = Double(max(options.members - 1, options.refit || options.crosses == nil ? 1 : 0) * 3)
        // A row's ids and fractions; its label, weight, position, loss and logit, and what the order of its score for the
        // AUC takes.
        let row = Double(encoder.slotCount + encoder.fractionCount + 32)
        let workers = Double(ThreadPool.workers(options.workers)) * blueprint.updateMemory(batch: batch)
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
}
