import CTRKernels
import CTRModels

/// Each loop of the layers and optimisers by itself, on every core at once, each with its own memory: how much it does a
/// second, beside what memory and processor can do at most.
struct MicroCommand {
    private let cores = ThreadPool.processorCount
    private let rounds = 7

    func run() -> JSON {
        let products = ProductLoops(), tables = TableLoops()
        return [
            "instruction_set": .string(VectorLoops.instructionSet),
            "products": .array(products.all.map { measure($0, unit: "GFLOP/s") }),
            "memory": .array(tables.peaks.map { measure($0, unit: "GB/s") }),
            "passes": .array(tables.passes.map { measure($0, unit: "GB/s") }),
        ]
    }

    /// `work` is what one call does, in operations or bytes; `make` gives a core its call.
    struct Loop {
        var name: String
        var work: Double
        var make: () -> () -> Void
    }

    private func measure(_ loop: Loop, unit: String) -> JSON {
        let calls = (0..<cores).map { _ in loop.make() }
        let once = Timing.seconds { calls[0]() }
        let repeats = max(1, Int(0.05 / max(once, 1e-7)))
        var best = Double.infinity
        for _ in 0..<rounds {
            let seconds = Timing.seconds {
                ThreadPool.shared.run(tasks: cores, threads: cores) { core in
                    for _ in 0..<repeats { calls[core]() }
                }
            }
            best = min(best, seconds)
        }
        return [
            "name": .string(loop.name), "unit": .string(unit),
            "rate": .number(loop.work * Double(repeats * cores) / best / 1e9),
        ]
    }

    static func random(_ count: Int, seed: UInt64 = 1) -> FloatBuffer {
        let buffer = FloatBuffer(count: count)
        var stream = RandomStream(seed: seed)
        for index in 0..<count { buffer.base[index] = stream.nextFloat() - 0.5 }
        return buffer
    }
}
