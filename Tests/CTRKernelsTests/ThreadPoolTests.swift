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
