#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif
import CTRFeatures

/// Whole files, read and written.
package enum FileIO {
    /// A regular file's bytes.
    package static func read(_ path: String) throws(CTRError) -> [UInt8] {
        try check(path)
        // Non-blocking, so that a pipe is refused rather than waited for.
        let file = retrying { open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK) }
        guard file >= 0 else { throw failure("cannot read '\(path)'") }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0 else { throw failure("cannot read '\(path)'") }
        guard !isDirectory(status) else { throw .io("cannot read '\(path)': it is a folder, not a file") }
        guard isRegular(status) else { throw .io("cannot read '\(path)': it is not a regular file") }
        // A file may claim any size (a sparse one, say), and an array that cannot be allocated ends the process.
        let size = max(0, Int(status.st_size))
        guard size <= sizeLimit, let trial = malloc(max(1, size)) else {
            throw .io("cannot read '\(path)': its \(size) bytes do not fit in memory")
        }
        free(trial)
        var complete = true
        let bytes = [UInt8](unsafeUninitializedCapacity: size) { target, filled in
            while filled < size {
                let got = retrying { systemRead(file, target.baseAddress.map { $0 + filled }, size - filled) }
                if got <= 0 {
                    complete = got == 0
                    return
                }
                filled += got
            }
        }
        guard complete else { throw failure("cannot read '\(path)'") }
        return bytes
    }

    /// No file above 64 GiB is read.
    private static let sizeLimit = 1 << 36

    /// Writes a file in one step: to a temporary file in the same folder, synced, renamed. On any failure the
    /// temporary file is removed and what was at the path stands. A link is followed, a file's permissions are kept.
    package static func writeAtomically(_ bytes: [UInt8], to path: String) throws(CTRError) {
        try check(path)
        let target = resolved(path)
        var status = stat()
        let isThere = stat(target, &status) == 0
        if isThere {
            guard !isDirectory(status) else { throw .io("cannot write '\(path)': it is a folder") }
            guard isRegular(status) else { throw .io("cannot write '\(path)': it is not a regular file") }
        }
        let folder = folder(of: target)
        let (file, temporary) = try makeTemporary(in: folder, for: path)
        if isThere { fchmod(file, status.st_mode & 0o777) }
        do throws(CTRError) {
            try write(bytes, to: file, path: path)
            guard retrying({ fsync(file) }) == 0 else { throw failure("cannot write '\(path)'") }
        } catch {
            close(file)
            unlink(temporary)
            throw error
        }
        guard close(file) == 0, rename(temporary, target) == 0 else {
            let error = failure("cannot write '\(path)'")
            unlink(temporary)
            throw error
        }
        // The file stands whole by now; syncing the folder makes the new name outlive a power cut. Some file systems
        // cannot, which is no failure of the save.
        let directory = open(folder, O_RDONLY | O_CLOEXEC | O_DIRECTORY)
        if directory >= 0 {
            _ = fsync(directory)
            close(directory)
        }
    }

    // MARK: Pieces

    private static func check(_ path: String) throws(CTRError) {
        guard !path.isEmpty else { throw .io("the path is empty") }
        guard !path.utf8.contains(0) else { throw .io("the path holds a NUL byte") }
    }

    /// Where a link at the path leads; the path itself if there is nothing yet.
    private static func resolved(_ path: String) -> String {
        guard let real = realpath(path, nil) else { return path }
        defer { free(real) }
        return String(cString: real)
    }

    private static func folder(of path: String) -> String {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
        let folder = String(path[..<slash])
        return folder.isEmpty ? "/" : folder
    }

    private static func makeTemporary(in folder: String, for path: String) throws(CTRError) -> (Int32, String) {
        var counter: UInt64 = 0
        while true {
            var now = timespec()
            clock_gettime(CLOCK_MONOTONIC, &now)
            // Threads of one process differ by the clock, and where they do not, O_EXCL sends one on.
            let unique = "\(getpid())-\(now.tv_sec)\(now.tv_nsec)-\(counter)"
            let temporary = "\(folder)/.ctr-model-\(unique).tmp"
            let file = retrying { open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644) }
            if file >= 0 { return (file, temporary) }
            counter += 1
            guard errno == EEXIST, counter < 100 else {
                if errno == ENOENT { throw .io("cannot write '\(path)': the folder '\(folder)' does not exist") }
                throw failure("cannot write '\(path)': no file can be made in the folder '\(folder)'")
            }
        }
    }

    private static func write(_ bytes: [UInt8], to file: Int32, path: String) throws(CTRError) {
        var done = 0
        while done < bytes.count {
            let wrote = bytes.withUnsafeBytes { all in
                retrying { Self.systemWrite(file, all.baseAddress.map { $0 + done }, bytes.count - done) }
            }
            guard wrote > 0 else { throw failure("cannot write '\(path)'") }
            done += wrote
        }
    }

    /// Calls again while a signal interrupts.
    private static func retrying<T: SignedInteger>(_ call: () -> T) -> T {
        while true {
            let result = call()
            if result >= 0 || errno != EINTR { return result }
        }
    }

    /// The error of `errno`.
    private static func failure(_ what: String) -> CTRError {
        .io("\(what): \(String(cString: strerror(errno)))")
    }

    private static func isDirectory(_ status: stat) -> Bool { status.st_mode & S_IFMT == S_IFDIR }
    private static func isRegular(_ status: stat) -> Bool { status.st_mode & S_IFMT == S_IFREG }

    // The C library's names are hidden by the methods above.
    private static func systemRead(_ file: Int32, _ target: UnsafeMutableRawPointer?, _ count: Int) -> Int {
        guard let target else { return 0 }
        #if canImport(Glibc)
            return Glibc.read(file, target, count)
        #elseif canImport(Musl)
            return Musl.read(file, target, count)
        #else
            return Darwin.read(file, target, count)
        #endif
    }

    private static func systemWrite(_ file: Int32, _ source: UnsafeRawPointer?, _ count: Int) -> Int {
        guard let source else { return 0 }
        #if canImport(Glibc)
            return Glibc.write(file, source, count)
        #elseif canImport(Musl)
            return Musl.write(file, source, count)
        #else
            return Darwin.write(file, source, count)
        #endif
    }
}
