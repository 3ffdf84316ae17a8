import CTRFeatures

/// A file's bytes as the pieces that they are kept in, one after the other.
package struct FileBytes: Sendable {
    let pieces: [any ByteStorage]

    init(_ pieces: [any ByteStorage]) { self.pieces = pieces }

    package var count: Int { pieces.reduce(0) { $0 + $1.byteCount } }

    /// `target` has room for `count` bytes.
    package func copy(to target: UnsafeMutableRawPointer) {
        var at = target
        for piece in pieces {
            piece.withBytes { bytes in
                UnsafeMutableRawBufferPointer(start: at, count: bytes.count).copyMemory(from: bytes)
            }
            at += piece.byteCount
        }
    }

    /// All in one; whoever asks has seen that there is memory for it.
    package var array: [UInt8] {
        [UInt8](unsafeUninitializedCapacity: count) { target, filled in
            target.baseAddress.map { copy(to: $0) }
            filled = count
        }
    }

    /// Writes them to a file in one step.
    package func write(to path: FilePath) throws(CTRError) {
        try AtomicFile(path).write { (file) throws(CTRError) in
            for piece in pieces { try file.append(piece) }
        }
    }
}
