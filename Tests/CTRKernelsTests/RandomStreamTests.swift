import CTRKernels
import Testing

@Suite struct RandomStreamTests {
    @Test func aFilledBlockIsTheSameOnAnyNumberOfThreads() {
        let count = 200_001
        let blocks = [1, 2, 5].map { threads in
            let block = FloatBuffer(count: count)
            RandomStream(seed: 3, 4).fill(block.base, count: count, deviation: 0.5, threads: threads)
            return block.array
        }
        #expect(blocks[0] == blocks[1] && blocks[0] == blocks[2])
        let mean = blocks[0].reduce(0.0) { $0 + Double($1) } / Double(count)
        let variance = blocks[0].reduce(0.0) { $0 + Double($1) * Double($1) } / Double(count)
        #expect(abs(mean) < 0.005 && abs(variance - 0.25) < 0.005)
        // No number is drawn twice: blocks of the stream go on from each other.
        #expect(Set(blocks[0][..<1000]).isDisjoint(with: Set(blocks[0][65_536..<66_536])))
    }
}
