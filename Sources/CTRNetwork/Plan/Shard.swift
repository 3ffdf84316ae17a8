import CTRKernels

/// The rows that layers run on at once: a block of a prediction's, or a part of a batch.
package struct Shard {
    let rows: TrainingRows
    let selection: vl_selection
    /// The position of its first row in the batch.
    let start: Int
    let count: Int
    /// Its number in the batch.
    let index: Int
    /// Rows that there is room for in the arena.
    let capacity: Int
    let values: UnsafeMutablePointer<Float>
    /// The same for gradients; no memory in a prediction, which has none.
    let gradients: UnsafeMutablePointer<Float>?
    /// The training's step, from 1; 0 in a prediction.
    let step: Int

    /// The shard's rows of a signal.
    @inline(__always)
    func values(_ block: ArenaBlock) -> UnsafeMutablePointer<Float> { values + block.offset(capacity, start) }

    /// The same of its gradient, in a training.
    @inline(__always)
    func gradients(_ block: ArenaBlock) -> UnsafeMutablePointer<Float> {
        (gradients ?? values) + block.offset(capacity, start)
    }
}

/// Where a signal lies in an arena.
struct ArenaBlock: Sendable {
    /// Floats before it for each row that there is room for: whole cache lines.
    let first: Int
    /// Columns; rows lie one after the other.
    let width: Int

    /// Of a row.
    @inline(__always)
    func offset(_ capacity: Int, _ row: Int) -> Int { first &* capacity &+ row &* width }
}

/// The memory that a plan's signals share, by a row of capacity.
struct Arena: Sendable {
    let blocks: [ArenaBlock]
    /// Floats a row.
    let size: Int

    /// `widths`: of the signals.
    init(widths: [Int]) {
        var (blocks, next): ([ArenaBlock], Int) = ([], 0)
        for width in widths {
            blocks.append(ArenaBlock(first: next, width: width))
            next += (width + 15) / 16 * 16
        }
        (self.blocks, size) = (blocks, next)
    }
}
