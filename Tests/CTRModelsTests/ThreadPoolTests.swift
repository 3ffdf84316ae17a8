import CTRKernels
import Synchronization
import Testing

@Suite struct ThreadPoolTests {
    @Test(arguments: [1, 2, 4]) func runsEachTaskOnce(threads: Int) {
        for tasks in [0, 1, 2, 7, 1000] {
            let counts = IndexBuffer(count: tasks)
            ThreadPool.shared.run(tasks: tasks, threads: threads) { counts.base[$0] += 1 }
            #expect(counts.array.allSatisfy { $0 == 1 })
        }
    }

    @Test func jobsInsideJobsRunOnTheirCaller() {
        let sum = Atomic<Int>(0)
        ThreadPool.shared.run(tasks: 8, threads: 2) { outer in
            ThreadPool.shared.run(tasks: 8, threads: 2) { sum.add(outer * 8 + $0, ordering: .relaxed) }
        }
        #expect(sum.load(ordering: .relaxed) == 63 * 64 / 2)
    }
}

@Suite struct GEMMTests {
    /// The three products against plain loops, and many at once: a serial OpenBLAS must not mix up its buffers.
    @Test func productsSideBySide() {
        let (m, n, k) = (33, 17, 65)
        var stream = RandomStream(seed: 5)
        let a = FloatBuffer((0..<(m * k)).map { _ in stream.nextFloat() - 0.5 })
        let b = FloatBuffer((0..<(k * n)).map { _ in stream.nextFloat() - 0.5 })
        var expected = [Double](repeating: 0, count: m * n)
        for row in 0..<m {
            for column in 0..<n {
                for inner in 0..<k {
                    expected[row * n + column] += Double(a.base[row * k + inner]) * Double(b.base[inner * n + column])
                }
            }
        }
        let wrong = Atomic<Int>(0)
        ThreadPool.shared.run(tasks: 4000, threads: 4) { _ in
            let c = FloatBuffer(count: m * n)
            GEMM.multiply(a.base, b.base, into: c.base, m: m, n: n, k: k, beta: 0)
            let isRight = zip(c.array, expected).allSatisfy { abs(Double($0) - $1) < 1e-4 }
            if !isRight { wrong.add(1, ordering: .relaxed) }
        }
        #expect(wrong.load(ordering: .relaxed) == 0)
    }
}
