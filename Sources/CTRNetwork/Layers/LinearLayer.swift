import CTRFeatures
import CTRKernels

/// The linear model of Cheng et al. (2016, section 3.1), batch × 1:
///
///     y = intercept + Σ over features of Σ over its ids of w[id] / (number of its ids)
package struct LinearLayer: Layer {
    let intercept: Int
    package let features: [LinearFeature]
    package let output: Signal
    package var inputs: [Signal] { [] }

    package func pass(in plan: PlanDraft) -> any Pass { LinearPass(self, plan) }
}

extension Blueprint {
    /// The constant of the logit, by its index.
    package mutating func intercept() -> Int { parameter("bias", .intercept, rows: 1, width: 1) }

    /// The intercept and a weight for each id of these features, batch × 1.
    package mutating func linear(_ intercept: Int, _ features: [LinearFeature]) -> Signal {
        add(LinearLayer(intercept: intercept, features: features, output: signal(width: 1)))
    }
}

final class LinearPass: Pass {
    private let intercept: Parameter
    private let interceptWeight: FloatBuffer
    private let features: [LinearFeature]
    private let tables: [Parameter]
    /// Keeps alive what the loops read.
    private let weights: [FloatBuffer]
    private let loops: Buffer<vl_wide>
    private let frequencies: [IndexBuffer?]
    private let output: ArenaBlock

    init(_ layer: LinearLayer, _ plan: PlanDraft) {
        intercept = plan.network.parameters[layer.intercept]
        interceptWeight = plan.weights(layer.intercept)
        features = layer.features
        tables = layer.features.map { plan.network.parameters[$0.parameter] }
        weights = layer.features.map { plan.weights($0.parameter) }
        loops = Buffer(
            zip(layer.features, weights).map { feature, weights in
                vl_wide(weights: weights.base, slot: feature.source.slot, list: feature.source.list)
            })
        frequencies = layer.features.map { plan.training?.frequencies[$0.parameter] }
        output = plan.block(layer.output)
    }

    func forward(_ shard: Shard) {
        shard.rows.withView {
            VectorLoops.chosen.pointee.wide(
                $0, shard.selection, loops.base, loops.count, interceptWeight.base[0], shard.values(output))
        }
    }

    /// What a feature adds to a row's logit.
    func term(_ index: Int, _ rows: TrainingRows, row: Int) -> Float {
        var logit: Float = 0
        rows.withView {
            VectorLoops.chosen.pointee.wide(
                $0, vl_selection(rows: nil, first: row, count: 1), loops.base + index, 1, 0, &logit)
        }
        return logit
    }

    func addUpdates(to list: inout UpdateList) {
        let (output, intercept) = (output, intercept)
        for (index, feature) in features.enumerated() {
            let (table, frequency) = (tables[index], frequencies[index])
            list.add(
                TableUpdate(size: .weights, source: feature.source, rowOfID: nil, rows: table.rows) {
                    touched, step, _ in
                    let isFTRL = step.linear.kind == Int32(VL_FTRL)
                    touched.update(
                        table, step.linear, averaging: step.averaging, gradients: step.gradients(output), stride: 1
                    ) { row, _ in
                        isFTRL ? frequency.map { FTRL.penaltyScale(frequency: $0.base[row]) } ?? 1 : 0
                    }
                })
        }
        list.add(.sum, floats: 0) { step, _ in
            let gradients = step.gradients(output)
            var sum: Float = 0
            for position in 0..<step.count { sum += gradients[position] }
            intercept.update(rows: 0..<1, gradient: &sum, scale: 1, step.intercept, averaging: step.averaging)
        }
    }
}
