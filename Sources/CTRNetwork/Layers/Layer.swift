/// A layer as a blueprint declares it.
package protocol Layer: Sendable {
    /// What it reads beside the encoded rows.
    var inputs: [Signal] { get }
    var output: Signal { get }

    /// The layer made ready to run in a plan.
    func pass(in plan: PlanDraft) -> any Pass
}

/// A layer in a plan, where its weights, ids and signals are known. Any number of threads may run it at once, each on
/// rows of its own; it allocates nothing.
package protocol Pass: AnyObject, Sendable {
    /// Writes the shard's rows of its output.
    func forward(_ shard: Shard)

    /// Takes the gradient of the shard's rows of its output to its inputs' gradients: writes it there, or adds it where
    /// other layers read the input too (`PlanDraft.addsGradient`).
    func backward(_ shard: Shard)

    /// The pieces of the update phase that change its weights, each its own.
    func addUpdates(to list: inout UpdateList)
}

extension Pass {
    package func backward(_ shard: Shard) {}
    package func addUpdates(to list: inout UpdateList) {}
}
