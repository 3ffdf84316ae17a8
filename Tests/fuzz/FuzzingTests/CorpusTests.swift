import CTRFuzzing
import Testing

/// What fuzzing found once, and what it starts from, through the ordinary build: a fault ends the test's process.
@Suite struct CorpusTests {
    private static let corpus = "\(#filePath.dropLast("FuzzingTests/CorpusTests.swift".count))corpus"

    @Test(arguments: FuzzTarget.allCases) func replays(_ target: FuzzTarget) throws {
        for path in FuzzCorpus.files(of: target, in: Self.corpus) {
            try FuzzCorpus.read(path).withUnsafeBytes(target.run)
        }
    }
}
