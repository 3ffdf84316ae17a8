import CTRFeatures

/// A network as it is declared: signals, the layers that write them, and the parameters that these ask for. It holds no
/// numbers yet. An architecture declares its own by the functions below, which the layers' files add.
package struct Blueprint: Sendable {
    /// In the order of the model file.
    package private(set) var parameters: [ParameterShape] = []
    /// In the order in which they run forward.
    private(set) var layers: [any Layer] = []
    /// Columns, by signal.
    private(set) var widths: [Int] = []
    /// Of a table, by parameter, where its ids are found.
    private(set) var sources: [Int: TableSource] = [:]
    /// What adds up to the logit.
    private(set) var terms: [(part: LogitPart, signal: Signal)] = []
    /// Batch × 1.
    private(set) var logit: Signal?
    /// The width of an embedding: what was asked for, or what it has been since it was made.
    private let tableWidth: @Sendable (ParameterShape) -> Int

    package init(tableWidth: @escaping @Sendable (ParameterShape) -> Int = { $0.width }) {
        self.tableWidth = tableWidth
    }

    /// Whether more than an intercept was declared.
    package private(set) var readsFeatures = false

    mutating func parameter(_ name: String, _ role: Role, rows: Int, width: Int) -> Int {
        parameters.append(ParameterShape(name, role, rows: rows, width: width))
        return parameters.count - 1
    }

    /// A parameter with a row for each id of a feature.
    package mutating func table(
        _ name: String, _ role: Role, _ feature: String, rows: Int, width: Int, _ source: TableSource
    ) -> Int {
        let asked = ParameterShape(name, role, rows: rows, width: width, feature: feature)
        parameters.append(
            ParameterShape(name, role, rows: rows, width: tableWidth(asked), feature: feature))
        sources[parameters.count - 1] = source
        readsFeatures = true
        return parameters.count - 1
    }

    mutating func signal(width: Int) -> Signal {
        widths.append(width)
        return Signal(index: widths.count - 1, width: width)
    }

    mutating func add(_ layer: some Layer) -> Signal {
        layers.append(layer)
        if layer is FieldsLayer { readsFeatures = true }
        return layer.output
    }

    /// What adds up to the logit, in this order: signals of width 1. The last declaration.
    package mutating func add(terms: [(part: LogitPart, signal: Signal)]) {
        self.terms = terms
        logit = terms.count == 1 ? terms.first?.signal : addSum(terms.map(\.signal))
    }

    /// The layers that read a signal, by index.
    func readers(of signal: Signal) -> [Int] { layers.indices.filter { layers[$0].inputs.contains(signal) } }

    /// The layer that writes a signal.
    func writer(of signal: Signal) -> (any Layer)? { layers.first { $0.output == signal } }
}

/// Where the ids of a table are found.
package struct TableSource: Sendable {
    package let source: IDSource
    /// Whether an id shares the unknown id's row: seen too rarely to learn one of its own.
    package let isRare: (@Sendable (Int) -> Bool)?
    /// Whether what holds an id's row depends on the number of its rows: an embedding's penalty, and that of a linear
    /// weight beside layers that learn from frequent ids as well (`FTRL`).
    package let countsRows: Bool

    package init(source: IDSource, isRare: (@Sendable (Int) -> Bool)?, countsRows: Bool) {
        (self.source, self.isRare, self.countsRows) = (source, isRare, countsRows)
    }
}

/// What a term of the logit comes from.
package enum LogitPart: String, Sendable, CaseIterable {
    /// An intercept, and weights of ids and crosses.
    case linear
    /// Products of pairs of factors.
    case pairs
    /// A cross network.
    case cross
    /// Hidden layers.
    case deep
}

extension Blueprint {
    var signals: [Signal] { widths.enumerated().map { Signal(index: $0, width: $1) } }

    /// Multiplications of a row.
    var products: Int { parameters.reduce(0) { $1.role.isTable ? $0 : $0 + $1.count } }

    /// Floats of all parameters.
    package var parameterCount: Double { parameters.reduce(0) { $0 + Double($1.count) } }

    /// Floats of a row's signals, and at most of what layers copy of them.
    package var activationCount: Double {
        let copies = layers.compactMap { $0 as? DenseLayer }.filter {
            writer(of: $0.input) is FieldsLayer && readers(of: $0.input).count > 1
        }
        return widths.reduce(0) { $0 + Double($1) } + copies.reduce(0) { $0 + Double($1.input.width) }
    }

    /// Floats that a worker needs to sum up gradients in batches of so many rows: of some rows of a layer's weights, and
    /// of a table that is looked up.
    package func updateMemory(batch: Double) -> Double {
        let widest = layers.reduce(0) { $1 is DenseLayer ? max($0, $1.output.width) : $0 }
        let tables = parameters.filter(\.role.isEmbedding).map { min(Double($0.rows), batch / 8) * Double($0.width) }
        return Double(2 * DensePass.pieceRows * widest) + (tables.max() ?? 0)
    }
}
