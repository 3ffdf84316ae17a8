/// A fully connected layer: y = f(x·W + b), with f = ReLU in hidden layers and else the identity (Cheng et al., 2016,
/// equation 2). x is batch × inputs, W inputs × outputs, y batch × outputs.
package struct DenseLayer: Layer {
    let input: Signal
    package let output: Signal
    let weights: Int
    let bias: Int
    package let isHidden: Bool
    /// Counted from 0 among the network's dense layers: its stream of dropout.
    let number: Int

    package var inputs: [Signal] { [input] }

    package func pass(in plan: PlanDraft) -> any Pass { DensePass(self, plan) }
}

extension Blueprint {
    /// Hidden layers of these widths, then one that writes a term of the logit, batch × 1. `name`: of their parameters.
    package mutating func tower(_ input: Signal, hidden: [Int], name: String = "deep.layers") -> Signal {
        var signal = input
        for (depth, width) in hidden.enumerated() {
            signal = dense(signal, width: width, isHidden: true, name: "\(name).\(depth)")
        }
        return dense(signal, width: 1, isHidden: false, name: "\(name).\(hidden.count)")
    }

    package mutating func dense(
        _ input: Signal, width: Int, isHidden: Bool, name: String, role: Role? = nil
    ) -> Signal {
        let weights = parameter(
            "\(name).weight", role ?? (isHidden ? .dense : .output), rows: input.width, width: width)
        let bias = parameter("\(name).bias", .bias, rows: 1, width: width)
        let number = layers.count { $0 is DenseLayer }
        return add(
            DenseLayer(
                input: input, output: signal(width: width), weights: weights, bias: bias, isHidden: isHidden,
                number: number))
    }
}
