import CTRFeatures
import CTRKernels

/// A piece of the update phase: it sums up the batch's gradients of some weights, in the batch's order, and changes these
/// weights alone.
struct Update: Sendable {
    let size: UpdateSize
    let run: @Sendable (BatchStep, UpdateMemory) -> Void
}

/// The update of a table, of which a batch touches some rows. Tables that find their rows by the same ids share the
/// search for them.
struct TableUpdate: Sendable {
    let size: UpdateSize
    let source: IDSource
    let rowOfID: IndexBuffer?
    let rows: Int
    let run: @Sendable (TouchedRows, BatchStep, UpdateMemory) -> Void
}

/// What a layer that looks up a table's rows adds to the table's gradient.
struct LookupGradient: Sendable {
    /// Writes its part to the worker's memory for tables, or adds it to what is there, and updates the layer's own weights.
    let addGradient: @Sendable (_ step: BatchStep, _ memory: UpdateMemory, _ adds: Bool) -> Void
    /// Once the table is updated: works out anew what is looked up.
    let write: @Sendable () -> Void
}

/// The largest come first, so that no thread is left with one at the end.
enum UpdateSize: Int, Comparable {
    case product
    case vectors
    case numberLookup
    case vectorLookup
    case weights
    case sum

    static func < (a: UpdateSize, b: UpdateSize) -> Bool { a.rawValue < b.rawValue }
}

/// The updates of a plan's layers, and the memory that a worker needs for them.
package struct UpdateList {
    private var pieces: [Update] = []
    private var tables: [TableUpdate] = []
    private var lookups: [Int: [LookupGradient]] = [:]
    private(set) var gradientSize = 0
    private(set) var tableSize = 0

    /// `floats`: of memory for a gradient.
    mutating func add(_ size: UpdateSize, floats: Int, _ run: @escaping @Sendable (BatchStep, UpdateMemory) -> Void) {
        pieces.append(Update(size: size, run: run))
        gradientSize = max(gradientSize, floats)
    }

    /// `tableFloats`: of memory for a gradient of the whole table.
    mutating func add(_ update: TableUpdate, tableFloats: Int = 0) {
        tables.append(update)
        tableSize = max(tableSize, tableFloats)
    }

    /// For the update of a table; `floats`: of memory for a gradient.
    mutating func add(_ lookup: LookupGradient, to table: Int, floats: Int) {
        lookups[table, default: []].append(lookup)
        gradientSize = max(gradientSize, floats)
    }

    /// What was added for a table by layers further on.
    func lookups(_ table: Int) -> [LookupGradient] { lookups[table] ?? [] }

    /// In the order in which threads take them.
    var ordered: [Update] {
        var groups: [[TableUpdate]] = []
        var groupOfIDs: [IDSource: Int] = [:]
        for update in tables.sorted(by: { $0.size < $1.size }) {
            if update.rowOfID == nil, let group = groupOfIDs[update.source] {
                groups[group].append(update)
                continue
            }
            if update.rowOfID == nil { groupOfIDs[update.source] = groups.count }
            groups.append([update])
        }
        let all =
            pieces
            + groups.map { group in
                Update(size: group[0].size) { step, memory in
                    let first = group[0]
                    memory.touched.gather(
                        step.rows, batch: step.batch, source: first.source, rowOfID: first.rowOfID,
                        tableRows: first.rows)
                    for update in group { update.run(memory.touched, step, memory) }
                }
            }
        return all.enumerated().sorted { ($0.element.size, $0.offset) < ($1.element.size, $1.offset) }.map(\.element)
    }
}

/// What a worker needs to sum up gradients.
final class UpdateMemory: @unchecked Sendable {
    let gradient: FloatBuffer
    let table: FloatBuffer
    let touched = TouchedRows()

    init(_ list: UpdateList) {
        gradient = FloatBuffer(count: list.gradientSize)
        table = FloatBuffer(count: list.tableSize)
    }
}
