import CTRFeatures
import CTRKernels
import Glibc

/// Whole files, read and written.
package enum FileIO {
    /// A regular file's bytes.
    package static func read(_ path: String) throws(CTRError) -> [UInt8] {
        let file = try InputFile(FilePath(path))
        // A file may claim any size (a sparse one, say), and an array that cannot be allocated ends the process.
        guard MappedBytes(count: file.byteCount) != nil else {
            throw .io("cannot read '\(path)': its \(file.byteCount) bytes do not fit in memory", systemError: ENOMEM)
        }
        var failed: CTRError?
        let bytes = [UInt8](unsafeUninitializedCapacity: file.byteCount) { target, filled in
            do throws(CTRError) {
                try file.read(into: UnsafeMutableRawBufferPointer(start: target.baseAddress, count: file.byteCount))
                filled = file.byteCount
            } catch { failed = error }
        }
        if let failed { throw failed }
        return bytes
    }

    // MARK: What reading and writing share

    /// Calls again while a signal interrupts.
    static func retrying<T: SignedInteger>(_ call: () -> T) -> T {
        while true {
            let result = call()
            if result >= 0 || errno != EINTR { return result }
        }
    }

    /// The error of `errno`.
    static func failure(_ what: String) -> CTRError {
        let number = errno
        return .io("\(what): \(String(cString: strerror(number)))", systemError: number)
    }

    /// Why this is no file to read or to write; nil if it is one.
    static func fault(of status: stat) -> (message: String, systemError: Int32)? {
        switch status.st_mode & S_IFMT {
        case S_IFREG: nil
        case S_IFDIR: ("it is a folder, not a file", EISDIR)
        default: ("it is not a regular file", EINVAL)
        }
    }
}
