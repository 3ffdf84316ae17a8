#if !FUZZING
    import CTRFuzzing
    import Glibc

    /// An ordinary build replays inputs, under a debugger say: `CTRFuzz TARGET FILE…`.
    @main
    enum Replay {
        static func main() throws {
            let arguments = CommandLine.arguments.dropFirst()
            guard let name = arguments.first, let target = FuzzTarget(rawValue: name) else {
                print("CTRFuzz TARGET FILE…; a target is one of \(FuzzTarget.allCases.map(\.rawValue))")
                exit(2)
            }
            for path in arguments.dropFirst() {
                print(path)
                try FuzzCorpus.read(path).withUnsafeBytes(target.run)
            }
        }
    }
#endif
