/// A layer as a blueprint declares it.
package protocol Layer: Sendable {
    /// What it reads beside the encoded rows.
    var inputs: [Signal] { get }
    var output: Signal { get }

    /// The columns that it reads of an input.
    func columns(of input: Signal) -> Range<Int>

    /// Whether its way back adds to its inputs' gradients even where no other layer does.
    var addsGradients: Bool { get }

    /// The layer made ready to run in a plan.
    func pass(in plan: PlanDraft) -> any Pass
}

extension Layer {
    package func columns(of input: Signal) -> Range<Int> { 0..<input.width }
    package var addsGradients: Bool { false }
}

/// A layer in a plan, where its weights, ids and signals are known. Any number of threads may run it at once, each on
/// rows of its own; it allocates nothing.
package protocol Pass: AnyObject, Sendable {
    /// Writes the shard's rows of its output.
    func forward(_ shard: Shard)

    /// Takes the gradient of the shard's rows of its output to its inputs' gradients: writes it there, or adds it to what
    /// is there (`PlanDraft.addsGradient`).
    func backward(_ shard: Shard)

    /// The pieces of the update phase that change its weights, each its own. The last layer comes first.
    func addUpdates(to list: inout UpdateList)
}

extension Pass {
    package func backward(_ shard: Shard) {}
    package func addUpdates(to list: inout UpdateList) {}
}
