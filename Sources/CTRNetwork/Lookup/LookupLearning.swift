import CTRFeatures
import CTRKernels

/// What is looked up (`LookupSums`), in training: the gradient of an id's sum is the sum of the gradients of the rows that
/// have the id, and from it come those of weights and embeddings, as many products of rows as there are ids.
final class LookupLearning: Sendable {
    private let sums: LookupSums
    /// Of the layer that looks up.
    private let weights: Parameter
    private let rateShare: Float
    private let width: Int
    /// Of the embeddings.
    private let tables: [Parameter]
    private let backs: [BackProduct]
    /// The gradients of the sums, and of the numbers' slopes.
    private let gradients: LookupTable
    private let slopes: [FloatBuffer]

    init(_ sums: LookupSums, _ plan: PlanDraft, weights: Parameter, rateShare: Float) {
        let width = weights.width
        let embeddings = sums.embeddings
        (self.sums, self.weights, self.rateShare, self.width) = (sums, weights, rateShare, width)
        tables = embeddings.map { plan.network.parameters[$0.parameter] }
        let rowsOfIDs = embeddings.map { plan.network.rowOfID($0.parameter) }
        backs = zip(sums.products, embeddings).map {
            BackProduct($0, capacity: $1.rows, shardRows: $1.rows)
        }
        let slopes = sums.numbers.map { FloatBuffer(count: $0.segments * width) }
        self.slopes = slopes
        gradients = LookupTable(
            sums.numbers, embeddings, width: width,
            rowOfID: { rowsOfIDs[$0].map { UnsafePointer($0.base) } }, slopes: { slopes[$0].base })
    }

    /// `output`: of the layer.
    func addUpdates(to list: inout UpdateList, _ output: ArenaBlock) {
        for (index, field) in sums.numbers.enumerated() {
            list.add(.numberLookup, floats: field.width * width) { [self] step, memory in
                gather(index, step, gradient: step.gradients(output))
                weightGradient(ofNumber: index, into: memory.gradient.base)
                update(rows: field.inputs, step, memory)
                sums.writeNumber(index)
            }
        }
        for (index, field) in sums.embeddings.enumerated() {
            let gradient = LookupGradient { [self] step, memory, adds in
                gather(sums.numbers.count + index, step, gradient: step.gradients(output))
                gradients(ofEmbedding: index, weights: memory.gradient.base, table: memory.table.base, adds: adds)
                update(rows: field.inputs, step, memory)
            } write: { [self] in
                sums.products[index].pack(inputs: 0..<field.width)
                backs[index].pack(inputs: 0..<field.width)
                sums.writeEmbedding(index)
            }
            list.add(gradient, to: field.parameter, floats: field.width * width)
        }
    }

    private func update(rows: Range<Int>, _ step: BatchStep, _ memory: UpdateMemory) {
        step.update(weights, rows: rows, sum: memory.gradient.base, rateShare: rateShare)
    }

    /// Sums up what a field's ids get of a batch's gradients of the layer's sums. The numbers come first.
    func gather(_ field: Int, _ step: BatchStep, gradient: UnsafePointer<Float>) {
        gradients.rows(field).update(repeating: 0)
        if field < slopes.count { slopes[field].base.update(repeating: 0, count: slopes[field].count) }
        let selection = vl_selection(rows: step.batch.baseAddress, first: 0, count: step.count)
        step.rows.withView {
            VectorLoops.chosen.pointee.lookup_gradients(
                $0, selection, gradients.loops.base + field, 1, gradient, width)
        }
    }

    /// After `gather`: the gradient of the weights that a number's encoding is multiplied with, its width × outputs.
    func weightGradient(ofNumber index: Int, into result: UnsafeMutablePointer<Float>) {
        let field = sums.numbers[index]
        func add(_ source: UnsafePointer<Float>, to input: Int) {
            VectorLoops.chosen.pointee.add_scaled(source, 1, result + input * width, width)
        }
        result.update(repeating: 0, count: field.width * width)
        guard let rows = gradients.rows(index).baseAddress else { return }
        // A row is 1 in the inputs below its segment: the last of them first, then each hands on to the one below.
        for id in 0..<field.idCount {
            let segment = field.segment(of: id)
            if segment > 0 { add(rows + id * width, to: segment - 1) }
            if let indicator = field.indicator(of: id) { add(rows + id * width, to: indicator) }
        }
        for input in stride(from: field.segments - 2, through: 0, by: -1) {
            add(result + (input + 1) * width, to: input)
        }
        for input in 0..<field.segments { add(slopes[index].base + input * width, to: input) }
    }

    /// After `gather`: the gradients of an embedding's weights in the layer, its width × outputs, and of its table, where
    /// it `adds` to what is there or not.
    func gradients(
        ofEmbedding index: Int, weights: UnsafeMutablePointer<Float>, table: UnsafeMutablePointer<Float>, adds: Bool
    ) {
        let (back, block) = (backs[index], tables[index])
        guard let rows = gradients.rows(sums.numbers.count + index).baseAddress else { return }
        back.keep(rows, rows: block.rows, shard: 0)
        back.weightGradient(
            block.weights.base, inputs: 0..<block.width, rows: block.rows, into: weights)
        back.inputGradient(rows, adds: adds, into: table, rows: block.rows)
    }
}
