import CTRKernels
import CTRModels

/// What our product of matrices does at most: square ones of `sizes`, on one core and on every core at once, each with
/// its own. (What the peers' BLAS does, the driver measures.)
struct GEMMCommand {
    private let sizes = [512, 1024]
    private let rounds = 7

    func run() -> JSON {
        let cores = ThreadPool.processorCount
        return [
            "kernels": .string(VectorLoops.instructionSet), "cores": .number(Double(cores)),
            "one_core": .number(sizes.map { peak(size: $0, threads: 1) }.max() ?? 0),
            "all_cores": .number(sizes.map { peak(size: $0, threads: cores) }.max() ?? 0),
        ]
    }

    /// Floating-point operations a second of all threads together, in their best round.
    private func peak(size: Int, threads: Int) -> Double {
        let matrices = (0..<threads).map { _ in
            PackedMatrix(
                MicroCommand.random(size * size), bias: FloatBuffer(count: size), inputs: [0..<size], outputs: size)
        }
        let blocks = (0..<threads).map { _ in (MicroCommand.random(size * size), FloatBuffer(count: size * size)) }
        let repeats = size > 512 ? 4 : 32
        var best = Double.infinity
        for _ in 0..<rounds {
            let seconds = Timing.seconds {
                ThreadPool.shared.run(tasks: threads, threads: threads) { index in
                    let (x, y) = blocks[index]
                    for _ in 0..<repeats { matrices[index].multiply(x.base, rows: size, relu: false, into: y.base) }
                }
            }
            best = min(best, seconds)
        }
        return 2 * Double(size) * Double(size) * Double(size) * Double(repeats * threads) / best
    }
}
