import CTRFeatures
import CTRKernels

/// A blueprint with its parameters.
package struct Network: Sendable {
    package let blueprint: Blueprint
    /// In the blueprint's order.
    package let parameters: [Parameter]
    /// By parameter, of a table some of whose ids share the unknown id's row: each id's.
    private let rowsOfIDs: [Int: IndexBuffer]

    /// Where a parameter comes from: fresh, read from a file, or continued from an earlier model.
    package typealias MakeParameter = (ParameterShape) throws(CTRError) -> Parameter

    package init(_ blueprint: Blueprint, make: MakeParameter) throws(CTRError) {
        var parameters: [Parameter] = []
        for shape in blueprint.parameters { parameters.append(try make(shape)) }
        self.blueprint = blueprint
        self.parameters = parameters
        rowsOfIDs = blueprint.rowsOfIDs
    }

    func rowOfID(_ parameter: Int) -> IndexBuffer? { rowsOfIDs[parameter] }

    /// Every parameter by its shape.
    package var blocks: [(shape: ParameterShape, block: Parameter)] {
        Array(zip(blueprint.parameters, parameters))
    }

    /// The constant of its logit.
    package var intercept: Float {
        get { interceptBlock?.weights.base[0] ?? 0 }
        nonmutating set { interceptBlock?.weights.base[0] = newValue }
    }

    private var interceptBlock: Parameter? { blocks.first { $0.shape.role == .intercept }?.block }

    /// The features of its linear part.
    package var linear: [LinearFeature] { blueprint.linear }
}

extension Blueprint {
    /// Of the tables some of whose ids share the unknown id's row: each id's.
    fileprivate var rowsOfIDs: [Int: IndexBuffer] {
        sources.compactMapValues { $0.isRare }.reduce(into: [:]) { all, entry in
            let rows = IndexBuffer(count: parameters[entry.key].rows)
            var isShared = false
            for id in 0..<rows.count {
                rows.base[id] = Int32(truncatingIfNeeded: id)
                if entry.value(id) { (rows.base[id], isShared) = (Vocabulary.unknown, true) }
            }
            if isShared { all[entry.key] = rows }
        }
    }

    /// The features of its linear layers.
    package var linear: [LinearFeature] { layers.compactMap { $0 as? LinearLayer }.flatMap(\.features) }
}
