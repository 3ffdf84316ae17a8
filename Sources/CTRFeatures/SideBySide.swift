import CTRKernels

/// Work that falls into independent parts, done on a few threads. What comes of it does not depend on their number.
enum SideBySide {
    /// What `make` makes of each index; the error of the lowest index at which it throws.
    static func map<T, E: Error>(_ count: Int, threads: Int, _ make: (Int) throws(E) -> T) throws(E) -> [T] {
        let results = [Result<T, E>](unsafeUninitializedCapacity: count) { buffer, filled in
            guard let base = buffer.baseAddress else { return }
            ThreadPool.shared.run(tasks: count, threads: threads) { index in
                (base + index).initialize(to: Result { () throws(E) in try make(index) })
            }
            filled = count
        }
        var values: [T] = []
        values.reserveCapacity(count)
        for result in results { values.append(try result.get()) }
        return values
    }

    /// Calls `body` for ranges of rows that make up all of `count`.
    static func blocks(of count: Int, threads: Int, size: Int = 1024, _ body: (Range<Int>) -> Void) {
        ThreadPool.shared.run(tasks: (count + size - 1) / size, threads: threads) { block in
            body(block * size..<min((block + 1) * size, count))
        }
    }
}
