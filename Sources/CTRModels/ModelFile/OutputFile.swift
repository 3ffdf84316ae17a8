import CTRFeatures
import Glibc

/// A new file that is being written. It is locked while this lives, which tells others that its writer does too.
final class OutputFile {
    /// What the file is to become; for messages.
    private let path: FilePath
    let descriptor: Int32
    /// What waits to be written with what follows: a model has many small pieces.
    private var waiting: [UInt8] = []
    private static let most = 1 << 16
    /// Whether another process has locked it, who takes it for left behind.
    let isTaken: Bool

    init(_ descriptor: Int32, for path: FilePath) {
        (self.descriptor, self.path) = (descriptor, path)
        // Where a file system has no locks, nobody gets one, and nobody takes the file for left behind.
        isTaken = flock(descriptor, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK
    }

    deinit { close(descriptor) }

    func append(_ bytes: some ByteStorage) throws(CTRError) {
        if bytes.byteCount < Self.most {
            bytes.withBytes { waiting.append(contentsOf: $0) }
            if waiting.count >= Self.most { try flush() }
        } else {
            try flush()
            try bytes.withBytes { bytes in Result { () throws(CTRError) in try write(bytes) } }.get()
        }
    }

    /// Writes what waits, and has the disk hold all of it.
    func finish() throws(CTRError) {
        try flush()
        guard FileIO.retrying({ fsync(descriptor) }) == 0 else { throw FileIO.failure("cannot write '\(path)'") }
    }

    private func flush() throws(CTRError) {
        try waiting.withUnsafeBytes { bytes in Result { () throws(CTRError) in try write(bytes) } }.get()
        waiting.removeAll(keepingCapacity: true)
    }

    private func write(_ bytes: UnsafeRawBufferPointer) throws(CTRError) {
        var done = 0
        while done < bytes.count {
            let wrote = FileIO.retrying {
                Glibc.write(descriptor, bytes.baseAddress.map { $0 + done }, bytes.count - done)
            }
            guard wrote > 0 else { throw FileIO.failure("cannot write '\(path)'") }
            done += wrote
        }
    }
}
