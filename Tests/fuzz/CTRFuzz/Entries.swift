// With `--sanitize fuzzer -D FUZZING` (`make fuzz`) the program's main is libFuzzer's, and these are its entries.
#if FUZZING
    import CLibFuzzer
    import CTRFuzzing
    import Glibc

    private let target: FuzzTarget = {
        let name = getenv("FUZZ_TARGET").map { String(cString: $0) } ?? ""
        if let target = FuzzTarget(rawValue: name) { return target }
        fatalError("FUZZ_TARGET is \"\(name)\"; it is one of \(FuzzTarget.allCases.map(\.rawValue))")
    }()

    @c
    public func LLVMFuzzerTestOneInput(_ start: UnsafeRawPointer?, _ count: Int) -> CInt {
        target.run(UnsafeRawBufferPointer(start: start, count: count))
        return 0
    }

    @c
    public func LLVMFuzzerCustomMutator(
        _ bytes: UnsafeMutablePointer<UInt8>?, _ count: Int, _ limit: Int, _ seed: CUnsignedInt
    ) -> Int {
        let made = target.mutate(
            Array(UnsafeBufferPointer(start: bytes, count: count)), atMost: limit, seed: UInt64(seed)
        ) { bytes, limit in
            let room = max(limit, bytes.count, 1)
            return [UInt8](unsafeUninitializedCapacity: room) { made, filled in
                _ = made.update(fromContentsOf: bytes)
                filled = LLVMFuzzerMutate(made.baseAddress, bytes.count, room)
            }
        }
        let kept = Array(made.prefix(limit))
        bytes?.update(from: kept, count: kept.count)
        return kept.count
    }
#endif
