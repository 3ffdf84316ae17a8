import CTRFeatures
import CTRKernels

/// A network's inputs: numbers and embeddings side by side, batch × their widths. Their columns are numbered in the order
/// of declaration, numbers and embeddings mixed; what a plan looks up elsewhere is left out.
package struct FieldsLayer: Layer {
    package let numbers: [NumberField]
    package let embeddings: [EmbeddingField]
    package let output: Signal
    package var inputs: [Signal] { [] }

    package func pass(in plan: PlanDraft) -> any Pass { FieldsPass(self, plan) }

    /// The columns from the first to the last that is an embedding's: numbers learn nothing.
    func learning(_ lookup: LookupChoice?) -> Range<Int> {
        let ranges = columns(of: embeddings, lookup).map { $1..<($1 + embeddings[$0].width) }
        return (ranges.map(\.lowerBound).min() ?? 0)..<(ranges.map(\.upperBound).max() ?? 0)
    }

    /// Of the embeddings that are written, and where.
    private func columns(of embeddings: [EmbeddingField], _ lookup: LookupChoice?) -> [(index: Int, offset: Int)] {
        lookup?.embeddings ?? embeddings.enumerated().map { ($0, $1.offset) }
    }

    /// The same for both.
    func columns(
        _ lookup: LookupChoice?
    ) -> (numbers: [(index: Int, offset: Int)], embeddings: [(index: Int, offset: Int)]) {
        (lookup?.numbers ?? numbers.enumerated().map { ($0, $1.offset) }, columns(of: embeddings, lookup))
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
    private let weights: [FloatBuffer]
    private let numberLoops: Buffer<vl_number>
    private let embeddingLoops: Buffer<vl_embedding>
    private let embeddings: [(field: EmbeddingField, offset: Int)]
    private let frequencies: [Int: IndexBuffer]
    private let output: ArenaBlock

    init(_ layer: FieldsLayer, _ plan: PlanDraft) {
        let columns = layer.columns(plan.lookup(of: layer.output))
        network = plan.network
        embeddings = columns.embeddings.map { (layer.embeddings[$0], $1) }
        weights = embeddings.map { plan.weights($0.field.parameter) }
        numberLoops = Buffer(columns.numbers.map { layer.numbers[$0].loop(offset: $1) })
        embeddingLoops = Buffer(embeddings.map { $0.field.loop(plan, offset: $0.offset) })
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
        for (field, offset) in embeddings {
            let (table, output) = (network.parameters[field.parameter], output)
            let frequency = frequencies[field.parameter] ?? IndexBuffer(count: table.rows)
            list.add(
                TableUpdate(
                    size: .vectors, source: field.source, rowOfID: network.rowOfID(field.parameter), rows: table.rows
                ) { touched, step, _ in
                    touched.update(
                        table, step.deep, averaging: step.averaging, gradients: step.gradients(output) + offset,
                        stride: output.width
                    ) { row, positions in Self.penalty(positions, of: frequency.base[row]) }
                })
        }
    }

    /// What holds a row with so many positions in the batch, of so many in all.
    @inline(__always)
    static func penalty(_ positions: Int, of frequency: Int32) -> Float {
        strength * Float(positions) / Float(max(frequency, 1))
    }
}
