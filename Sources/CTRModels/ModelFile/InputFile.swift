import CTRFeatures
import CTRKernels
import Glibc

/// A regular file, open for reading.
package final class InputFile: ByteSource {
    package let path: FilePath
    package let byteCount: Int
    private let descriptor: Int32

    package init(_ path: FilePath) throws(CTRError) {
        self.path = path
        // Non-blocking, so that a pipe is refused rather than waited for.
        descriptor = FileIO.retrying { open(path.bytes, O_RDONLY | O_CLOEXEC | O_NONBLOCK) }
        guard descriptor >= 0 else { throw FileIO.failure("cannot read '\(path)'") }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            let error = FileIO.failure("cannot read '\(path)'")
            close(descriptor)
            throw error
        }
        byteCount = max(0, Int(status.st_size))
        if let fault = FileIO.fault(of: status) {
            close(descriptor)
            throw .io("cannot read '\(path)': \(fault.message)", systemError: fault.systemError)
        }
    }

    deinit { close(descriptor) }

    /// Fills memory with the file's bytes from `offset` on.
    package func read(into target: UnsafeMutableRawBufferPointer, at offset: Int = 0) throws(CTRError) {
        var filled = 0
        while filled < target.count {
            let got = FileIO.retrying {
                pread(descriptor, target.baseAddress.map { $0 + filled }, target.count - filled, off_t(offset + filled))
            }
            guard got >= 0 else { throw FileIO.failure("cannot read '\(path)'") }
            guard got > 0 else {
                throw .io(
                    "cannot read '\(path)': it became shorter than its \(byteCount) bytes meanwhile", systemError: EIO)
            }
            filled += got
        }
    }

    /// A file may claim any size (a sparse one, say): the memory for it is asked for.
    package func piece(_ range: Range<Int>) throws(CTRError) -> any ByteStorage {
        guard let memory = MappedBytes(count: range.count) else {
            throw Memory.lacking(range.count, for: "the file's \(range.count) bytes")
        }
        try read(into: memory.bytes, at: range.lowerBound)
        return memory
    }
}
