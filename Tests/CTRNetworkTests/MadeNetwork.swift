import CTRFeatures
import CTRKernels
import Testing

@testable import CTRNetwork

/// A network on `MadeRows`: what gradients, lookups and threads are tried on. A new layer adds its own to `all`.
struct MadeNetwork: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let declare: @Sendable (inout Blueprint) -> Void

    static let all = [
        linear, tower, wideDeep, noHiddenLayer, numbersAlone, manyInputs, twoTowers, aLayerReadTwice, aTermTwice,
        factorizationMachine, deepFM, crossNetwork, crossNetworkV2,
    ]

    static let linear = MadeNetwork(testDescription: "linear") { network in
        network.add(terms: [(.linear, network.madeLinear())])
    }

    static let tower = MadeNetwork(testDescription: "tower") { network in
        network.add(terms: [(.deep, network.tower(network.madeFields(), hidden: [10, 6]))])
    }

    static let wideDeep = MadeNetwork(testDescription: "wide and deep") { network in
        let linear = network.madeLinear()
        network.add(terms: [(.linear, linear), (.deep, network.tower(network.madeFields(), hidden: [9]))])
    }

    static let noHiddenLayer = MadeNetwork(testDescription: "no hidden layer") { network in
        network.add(terms: [(.deep, network.tower(network.madeFields(), hidden: []))])
    }

    static let numbersAlone = MadeNetwork(testDescription: "numbers alone") { network in
        var list = FieldList()
        list.addMadeNumbers()
        network.add(terms: [(.deep, network.tower(network.fields(list), hidden: [8, 4]))])
    }

    /// Their layer's weights are updated in pieces.
    static let manyInputs = MadeNetwork(testDescription: "many inputs") { network in
        var list = FieldList()
        list.addMadeNumbers()
        list.add(
            embedding: "words", .embedding, rows: MadeRows.wordIDs, width: 400, .list(MadeRows.words), to: &network)
        network.add(terms: [(.deep, network.tower(network.fields(list), hidden: [8]))])
    }

    static let twoTowers = MadeNetwork(testDescription: "two towers on the same fields") { network in
        let fields = network.madeFields()
        let (one, other) = (
            network.tower(fields, hidden: [8], name: "one"), network.tower(fields, hidden: [11, 5], name: "other")
        )
        network.add(terms: [(.deep, one), (.cross, other)])
    }

    static let aLayerReadTwice = MadeNetwork(testDescription: "a hidden layer read twice") { network in
        let hidden = network.dense(network.madeFields(), width: 9, isHidden: true, name: "shared")
        let tower = network.tower(hidden, hidden: [7], name: "tower")
        network.add(terms: [
            (.deep, tower), (.cross, network.dense(hidden, width: 1, isHidden: false, name: "straight")),
        ])
    }

    static let aTermTwice = MadeNetwork(testDescription: "a term twice") { network in
        let tower = network.tower(network.madeFields(), hidden: [5])
        network.add(terms: [(.deep, tower), (.cross, tower)])
    }

    static let factorizationMachine = MadeNetwork(testDescription: "factorization machine") { network in
        let (linear, factors) = (network.madeLinear(), network.madeFactors())
        let pairs = network.pairs(network.fields(factors), fields: factors.count, width: MadeRows.factorWidth)
        network.add(terms: [(.linear, linear), (.pairs, pairs)])
    }

    static let deepFM = MadeNetwork(testDescription: "factors under a tower") { network in
        var list = network.madeFactors()
        let count = list.count
        list.addMadeNumbers()
        let fields = network.fields(list)
        let pairs = network.pairs(fields, fields: count, width: MadeRows.factorWidth)
        network.add(terms: [(.pairs, pairs), (.deep, network.tower(fields, hidden: [9]))])
    }

    static let crossNetwork = MadeNetwork(testDescription: "cross network") { network in
        let fields = network.madeFields()
        let crossed = network.crossVectors(fields, layers: 3, name: "cross")
        let output = network.dense(crossed, width: 1, isHidden: false, name: "output")
        network.add(terms: [(.cross, output), (.deep, network.tower(fields, hidden: [8]))])
    }

    /// The only reader of its fields.
    static let crossNetworkV2 = MadeNetwork(testDescription: "cross network of matrices") { network in
        let fields = network.madeFields()
        let crossed = network.crossMatrix(fields, network.crossMatrix(fields, fields, name: "0"), name: "1")
        network.add(terms: [(.cross, network.dense(crossed, width: 1, isHidden: false, name: "output"))])
    }

    var blueprint: Blueprint {
        var blueprint = Blueprint()
        declare(&blueprint)
        return blueprint
    }

    /// Its parameters at random, none of them at zero.
    func network(seed: UInt64 = 1) throws -> Network {
        try Network(blueprint) { shape in
            let block = Parameter(rows: shape.rows, width: shape.width)
            RandomStream(seed: seed, XXH64.hash(shape.name)).fill(
                block.weights.base, count: shape.count, deviation: 0.4, threads: 1)
            return block
        }
    }

    /// After some steps, each of all these rows; `capacity`: rows that the plan has room for.
    func trained(
        rows: Int, capacity: Int? = nil, steps: Int, dropout: Double = 0, threads: Int = 1
    ) throws -> Network {
        let (network, made) = (try network(), MadeRows(rows))
        for block in network.parameters { block.startAverage() }
        let settings = TrainingPlan.Settings(
            batchSize: capacity ?? rows, dropout: dropout, seed: 1,
            optimizers: OptimizerSet(
                intercept: AdaGrad(learningRate: 0.1), linear: FTRL(learningRate: 0.1, l1: 1e-3, l2: 0.1),
                deep: Adam(learningRate: 0.01)),
            averaging: Averaging(horizon: 10, warmUp: true), threads: threads)
        let plan = try TrainingPlan(network, made.rows, made.targets, training: made.all, settings)
        let losses = FloatBuffer(count: rows)
        for step in 1...steps {
            made.batch.withUnsafeBufferPointer { plan.run($0, step: step, losses: losses.base) }
        }
        return network
    }
}

extension Blueprint {
    /// The intercept, and weights of a number's ids, of categories and of words.
    fileprivate mutating func madeLinear() -> Signal {
        let intercept = self.intercept()
        let sources: [(String, IDSource, Int)] = [
            ("binned", .slot(MadeRows.binned), MadeRows.bins[1].idCount), ("few", .slot(MadeRows.few), MadeRows.fewIDs),
            ("words", .list(MadeRows.words), MadeRows.wordIDs),
        ]
        let features = sources.map { name, source, rows in
            let weights = table(
                "wide.\(name).weight", .linear, name, rows: rows, width: 1,
                TableSource(source: source, isRare: nil, countsRows: true))
            return LinearFeature(name: name, source: source, parameter: weights)
        }
        return linear(intercept, features)
    }

    /// Vectors of one width: of categories of few ids, of which one is rare, and of many; of a number's bins; of words.
    fileprivate mutating func madeFactors() -> FieldList {
        var list = FieldList()
        let sources: [(String, IDSource, Int)] = [
            ("few", .slot(MadeRows.few), MadeRows.fewIDs), ("many", .slot(MadeRows.many), MadeRows.manyIDs),
            ("binned", .slot(MadeRows.binned), MadeRows.bins[1].idCount),
            ("words", .list(MadeRows.words), MadeRows.wordIDs),
        ]
        for (name, source, rows) in sources {
            list.add(
                embedding: name, .factors, rows: rows, width: MadeRows.factorWidth, source,
                isRare: { name == "few" && $0 == MadeRows.rareID }, to: &self)
        }
        return list
    }

    /// Numbers between embeddings: two of categories of few ids, of which one is rare to the second, and of many; of a
    /// number's bins; of words.
    fileprivate mutating func madeFields() -> Signal {
        var list = FieldList()
        list.add(embedding: "again", .embedding, rows: MadeRows.fewIDs, width: 2, .slot(MadeRows.few), to: &self)
        list.add(
            embedding: "few", .embedding, rows: MadeRows.fewIDs, width: 9, .slot(MadeRows.few),
            isRare: { $0 == MadeRows.rareID }, to: &self)
        list.addMadeNumbers()
        list.add(
            embedding: "binned", .embedding, rows: MadeRows.bins[1].idCount, width: 3, .slot(MadeRows.binned),
            to: &self)
        list.add(embedding: "many", .embedding, rows: MadeRows.manyIDs, width: 8, .slot(MadeRows.many), to: &self)
        list.add(embedding: "words", .embedding, rows: MadeRows.wordIDs, width: 4, .list(MadeRows.words), to: &self)
        return fields(list)
    }
}

extension FieldList {
    fileprivate mutating func addMadeNumbers() {
        for (index, bins) in MadeRows.bins.enumerated() {
            add(number: "number\(index)", bins, slot: index, fraction: index)
        }
    }
}
