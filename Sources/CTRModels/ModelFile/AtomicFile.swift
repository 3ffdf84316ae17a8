import CTRFeatures
import Glibc

/// A file written in one step: a new one without a name in the same folder, synced, then put in place under its name.
/// On any failure what was at the path stands. Links are followed, a file's permissions are kept.
///
/// Where nothing is at the path the new file gets its name at once; over a file it can only be renamed, so it has a
/// temporary name for that moment (and for longer on file systems that have no nameless files). What a process that was
/// killed in that moment leaves behind the next save into the folder removes.
struct AtomicFile {
    private let path: FilePath
    private let target: FilePath
    private let folder: FilePath
    /// Of the file that is there.
    private let permissions: mode_t?

    init(_ path: FilePath) throws(CTRError) {
        self.path = path
        target = try path.resolved()
        folder = target.folder
        var status = stat()
        let isThere = stat(target.bytes, &status) == 0
        permissions = isThere ? status.st_mode & 0o777 : nil
        if isThere, let fault = FileIO.fault(of: status) {
            throw .io("cannot write '\(path)': \(fault.message)", systemError: fault.systemError)
        }
    }

    /// `fill` writes the contents; it may be called a second time, for another file.
    func write(_ fill: (OutputFile) throws(CTRError) -> Void) throws(CTRError) {
        Leftovers.remove(in: folder)
        if try !writeNameless(fill) { try writeNamed(fill) }
        // The file stands whole by now; syncing the folder makes the new name outlive a power cut. Some file systems
        // cannot, which is no failure of the save.
        let directory = open(folder.bytes, O_RDONLY | O_CLOEXEC | O_DIRECTORY)
        if directory >= 0 {
            _ = fsync(directory)
            close(directory)
        }
    }

    /// False where the file system cannot.
    private func writeNameless(_ fill: (OutputFile) throws(CTRError) -> Void) throws(CTRError) -> Bool {
        // O_TMPFILE, which Swift does not import.
        let descriptor = FileIO.retrying { open(folder.bytes, 0o20_000_000 | O_DIRECTORY | O_RDWR | O_CLOEXEC, 0o644) }
        guard descriptor >= 0 else { return false }
        let file = OutputFile(descriptor, for: path)
        try self.fill(file, fill)
        let opened = Array("/proc/self/fd/\(descriptor)".utf8CString)
        func name(_ path: FilePath) -> Bool {
            FileIO.retrying { linkat(AT_FDCWD, opened, AT_FDCWD, path.bytes, AT_SYMLINK_FOLLOW) } == 0
        }
        if permissions == nil {
            if name(target) { return true }
            guard errno == EEXIST else { return false }
        }
        for _ in 0..<Leftovers.attempts {
            let temporary = folder.appending(Leftovers.newName())
            if name(temporary) {
                try rename(temporary)
                return true
            }
            guard errno == EEXIST else { return false }
        }
        return false
    }

    private func writeNamed(_ fill: (OutputFile) throws(CTRError) -> Void) throws(CTRError) {
        let (file, temporary) = try makeNamed()
        do throws(CTRError) {
            try self.fill(file, fill)
        } catch {
            unlink(temporary.bytes)
            throw error
        }
        // Locked until it is renamed.
        try withExtendedLifetime(file) { () throws(CTRError) in try rename(temporary) }
    }

    private func makeNamed() throws(CTRError) -> (OutputFile, FilePath) {
        for _ in 0..<Leftovers.attempts {
            let temporary = folder.appending(Leftovers.newName())
            let descriptor = FileIO.retrying { open(temporary.bytes, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o644) }
            if descriptor >= 0 {
                let file = OutputFile(descriptor, for: path)
                var status = stat()
                // Before it was locked another save may have taken it for left behind.
                if !file.isTaken, fstat(descriptor, &status) == 0, status.st_nlink > 0 { return (file, temporary) }
                unlink(temporary.bytes)
            } else if errno == ENOENT {
                throw .io("cannot write '\(path)': the folder '\(folder)' does not exist", systemError: ENOENT)
            } else if errno != EEXIST {
                break
            }
        }
        throw FileIO.failure("cannot write '\(path)': no file can be made in the folder '\(folder)'")
    }

    private func fill(
        _ file: OutputFile, _ body: (OutputFile) throws(CTRError) -> Void
    ) throws(CTRError) {
        if let permissions { _ = FileIO.retrying { fchmod(file.descriptor, permissions) } }
        try body(file)
        try file.finish()
    }

    private func rename(_ temporary: FilePath) throws(CTRError) {
        guard FileIO.retrying({ Glibc.rename(temporary.bytes, target.bytes) }) == 0 else {
            let error = FileIO.failure("cannot write '\(path)'")
            unlink(temporary.bytes)
            throw error
        }
    }
}
