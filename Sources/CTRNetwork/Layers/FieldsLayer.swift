import CTRFeatures
import CTRKernels

/// A network's inputs: numbers and embeddings side by side, batch × their widths. Their columns are numbered in the order
/// of declaration, numbers and embeddings mixed; what no layer of a plan reads is left out.
package struct FieldsLayer: Layer {
    package let numbers: [NumberField]
    package let embeddings: [EmbeddingField]
    package let output: Signal
    package var inputs: [Signal] { [] }

    package func pass(in plan: PlanDraft) -> any Pass { FieldsPass(self, plan) }

    /// The columns from the first to the last that is an embedding's: numbers learn nothing.
    func learning(_ columns: FieldColumns) -> Range<Int> {
        let ranges = columns.embeddings.map { $1..<($1 + embeddings[$0].width) }
        return (ranges.map(\.lowerBound).min() ?? 0)..<(ranges.map(\.upperBound).max() ?? 0)
    }
}

/// Declares the inputs of a network, one after the other.
package struct FieldList {
    private(set) var numbers: [NumberField] = []
    private(set) var embeddings: [EmbeddingField] = []
    package private(set) var width = 0

    package init() {}

    /// Fields.
    package var count: Int { numbers.count + embeddings.count }

    package mutating func add(number name: String, _ bins: NumericBins, slot: Int, fraction: Int) {
        numbers.append(NumberField(name: name, bins: bins, slot: slot, fraction: fraction, offset: width))
        width += bins.width
    }

    /// `role`: of the table.
    package mutating func add(
        embedding name: String, _ role: Role, rows: Int, width asked: Int, _ source: IDSource,
        isRare: (@Sendable (Int) -> Bool)? = nil, to blueprint: inout Blueprint
    ) {
        let table = blueprint.table(
            "deep.\(name).embedding", role, name, rows: rows, width: asked,
            TableSource(source: source, isRare: isRare, countsRows: true))
        let width = blueprint.parameters[table].width
        embeddings.append(
            EmbeddingField(
                name: name, source: source, parameter: table, rows: rows, width: width, offset: self.width))
        self.width += width
    }
}

extension Blueprint {
    /// These fields side by side.
    package mutating func fields(_ list: FieldList) -> Signal {
        add(
            FieldsLayer(numbers: list.numbers, embeddings: list.embeddings, output: signal(width: list.width)))
    }
}

final class FieldsPass: Pass {
    /// The embeddings' L2 penalty on the summed loss, spread over a row's occurrences, so that rare and frequent ids
    /// are held by the same prior.
    static let strength: Float = 1

    private let network: Network
    private let fields: [EmbeddingField]
    private let weights: [FloatBuffer]
    private let numberLoops: Buffer<vl_number>
    private let embeddingLoops: Buffer<vl_embedding>
    /// By field, the first column of those that are written.
    private let offsets: [Int: Int]
    private let frequencies: [Int: IndexBuffer]
    private let output: ArenaBlock

    init(_ layer: FieldsLayer, _ plan: PlanDraft) {
        let columns = plan.columns(of: layer)
        network = plan.network
        fields = layer.embeddings
        offsets = Dictionary(uniqueKeysWithValues: columns.embeddings)
        weights = columns.embeddings.map { plan.weights(layer.embeddings[$0.index].parameter) }
        numberLoops = Buffer(columns.numbers.map { layer.numbers[$0].loop(offset: $1) })
        embeddingLoops = Buffer(columns.embeddings.map { layer.embeddings[$0].loop(plan, offset: $1) })
        frequencies = plan.training?.frequencies ?? [:]
        output = plan.block(layer.output)
    }

    func forward(_ shard: Shard) {
        let to = shard.values(output)
        shard.rows.withView { view in
            VectorLoops.chosen.pointee.numbers(
                view, shard.selection, numberLoops.base, numberLoops.count, to, output.width)
            VectorLoops.chosen.pointee.embeddings(
                view, shard.selection, embeddingLoops.base, embeddingLoops.count, to, output.width)
        }
    }

    func addUpdates(to list: inout UpdateList) {
        for (index, field) in fields.enumerated() {
            let (table, output, offset) = (network.parameters[field.parameter], output, offsets[index])
            let frequency = frequencies[field.parameter] ?? IndexBuffer(count: table.rows)
            let lookups = list.lookups(field.parameter)
            if offset == nil, lookups.isEmpty { continue }
            let update = TableUpdate(
                size: lookups.isEmpty ? .vectors : .vectorLookup, source: field.source,
                rowOfID: network.rowOfID(field.parameter), rows: table.rows
            ) { touched, step, memory in
                var (gradients, stride) = (memory.table.base, table.width)
                for (index, lookup) in lookups.enumerated() { lookup.addGradient(step, memory, index > 0) }
                if let offset {
                    let written = step.gradients(output) + offset
                    if lookups.isEmpty {
                        (gradients, stride) = (written, output.width)
                    } else {
                        touched.add(written, stride: output.width, to: gradients, width: table.width)
                    }
                }
                touched.update(
                    table, step.deep, averaging: step.averaging, gradients: gradients, stride: stride,
                    areSummed: !lookups.isEmpty
                ) { row, positions in Self.penalty(positions, of: frequency.base[row]) }
                for lookup in lookups { lookup.write() }
            }
            list.add(update, tableFloats: lookups.isEmpty ? 0 : table.rows * table.width)
        }
    }

    /// What holds a row with so many positions in the batch, of so many in all.
    @inline(__always)
    private static func penalty(_ positions: Int, of frequency: Int32) -> Float {
        strength * Float(positions) / Float(max(frequency, 1))
    }
}
