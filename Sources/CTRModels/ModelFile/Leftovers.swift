import Glibc

/// Temporary files of saves, and what processes that were killed left of them.
enum Leftovers {
    /// How often another name is tried where one is taken.
    static let attempts = 100

    private static let prefix = ".ctr-model."
    /// Of libraries that locked no file.
    private static let olderPrefix = ".ctr-model-"
    private static let suffix = ".tmp"

    /// A name for a temporary file.
    static func newName() -> [CChar] {
        Array("\(prefix)\(getpid())-\(UInt64.random(in: 0 ... .max))\(suffix)".utf8CString.dropLast())
    }

    /// Removes what is left in a folder: temporary files that no process has locked.
    static func remove(in folder: FilePath) {
        guard let stream = opendir(folder.bytes) else { return }
        defer { closedir(stream) }
        let directory = dirfd(stream)
        while let entry = readdir(stream) {
            withUnsafePointer(to: &entry.pointee.d_name) { name in
                name.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: name.pointee)) {
                    remove($0, in: directory)
                }
            }
        }
    }

    private static func remove(_ name: UnsafePointer<CChar>, in directory: Int32) {
        let isOlder = strncmp(name, olderPrefix, olderPrefix.utf8.count) == 0
        let length = strlen(name)
        guard isOlder || strncmp(name, prefix, prefix.utf8.count) == 0, length > suffix.utf8.count,
            strcmp(name + (length - suffix.utf8.count), suffix) == 0
        else { return }
        let file = openat(directory, name, O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        guard file >= 0 else { return }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG, flock(file, LOCK_EX | LOCK_NB) == 0 else {
            return
        }
        // Who wrote an older one cannot be asked: after an hour it is no longer being written.
        if isOlder, time(nil) - status.st_mtim.tv_sec < 3600 { return }
        unlinkat(directory, name, 0)
    }
}
