import CTRKernels

/// Work that falls into independent parts, done on a few threads. What comes of it does not depend on their number.
enum SideBySide {
    /// What `make` makes of each index; the error of the lowest index at which it throws.
    static func map<T, E: Error>(
        _ count: Int, threads: Int, whileWaiting: (() -> Void)? = nil, _ make: (Int) throws(E) -> T
    ) throws(E) -> [T] {
        let results = [Result<T, E>](unsafeUninitializedCapacity: count) { buffer, filled in
            guard let base = buffer.baseAddress else { return }
            ThreadPool.shared.run(tasks: count, threads: threads, whileWaiting: whileWaiting) { index in
                (base + index).initialize(to: Result { () throws(E) in try make(index) })
            }
            filled = count
        }
        var values: [T] = []
        values.reserveCapacity(count)
        for result in results { values.append(try result.get()) }
        return values
    }

    /// The same for work that may be cancelled.
    static func map<T>(
        _ count: Int, threads: Int, _ interruption: Interruption?, _ make: (Int) throws(CTRError) -> T
    ) throws(CTRError) -> [T] {
        try map(count, threads: threads, whileWaiting: asking(interruption)) { (index) throws(CTRError) in
            try interruption?.check()
            return try make(index)
        }
    }

    /// Calls `body` for ranges of rows that make up all of `count`; throws where the work was cancelled.
    static func blocks(
        of count: Int, threads: Int, size: Int = 1024, _ interruption: Interruption? = nil, _ body: (Range<Int>) -> Void
    ) throws(CTRError) {
        ThreadPool.shared.run(
            tasks: (count + size - 1) / size, threads: threads, whileWaiting: asking(interruption)
        ) { block in
            if interruption?.isCancelled == true { return }
            body(block * size..<min((block + 1) * size, count))
        }
        try interruption?.check()
    }

    private static func asking(_ interruption: Interruption?) -> (() -> Void)? {
        interruption.map { interruption in { _ = interruption.isCancelled } }
    }
}
