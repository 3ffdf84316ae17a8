import CTRKernels
import CTRModels

/// What OpenBLAS can do at most: square products of `sizes`, on one core and on every core at once, each with its own.
struct GEMMCommand {
    private let sizes = [1024, 2048]
    private let rounds = 7

    func run() -> JSON {
        let cores = ThreadPool.processorCount
        return [
            "kernels": .string(GEMM.description), "cores": .number(Double(cores)),
            "one_core": .number(sizes.map { peak(size: $0, threads: 1) }.max() ?? 0),
            "all_cores": .number(sizes.map { peak(size: $0, threads: cores) }.max() ?? 0),
        ]
    }

    /// Floating-point operations a second of all threads together, in their best round.
    private func peak(size: Int, threads: Int) -> Double {
        let blocks = (0..<threads).map { _ in (0..<3).map { _ in random(size * size) } }
        let repeats = size > 1024 ? 1 : 4
        var best = Double.infinity
        for _ in 0..<rounds {
            let seconds = Timing.seconds {
                ThreadPool.shared.run(tasks: threads, threads: threads) { index in
                    let block = blocks[index]
                    for _ in 0..<repeats {
                        GEMM.multiply(
                            block[0].base, block[1].base, into: block[2].base, m: size, n: size, k: size, beta: 0)
                    }
                }
            }
            best = min(best, seconds)
        }
        return 2 * Double(size) * Double(size) * Double(size) * Double(repeats * threads) / best
    }

    private func random(_ count: Int) -> FloatBuffer {
        let buffer = FloatBuffer(count: count)
        var stream = RandomStream(seed: 0, 0)
        for index in 0..<count { buffer.base[index] = stream.nextFloat() }
        return buffer
    }
}
