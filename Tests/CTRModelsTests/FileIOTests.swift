import CTRFeatures
import Testing

@testable import CTRModels

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// One after the other: a test that lowers the process's file size limit would fail one that makes a large file.
@Suite(.serialized) final class FileIOTests {
    let folder: String

    init() throws {
        var template = Array("/tmp/ctr-fileio-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw CTRError.io("mkdtemp") }
        folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit {
        chmod(folder, 0o755)
        for name in names() { remove(folder + "/" + name) }
        rmdir(folder)
    }

    private func names() -> [String] {
        guard let stream = opendir(folder) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    private func expectIO(_ message: String, _ body: () throws -> Void) {
        let error = #expect(throws: CTRError.self) { try body() }
        #expect(error?.code == .io)
        #expect(error?.message.contains(message) == true, "\(error?.message ?? "")")
    }

    @Test func writesReadsAndReplaces() throws {
        let path = folder + "/模型.ctr"
        let big = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        for bytes in [big, [], [1, 2, 3]] {
            try FileIO.writeAtomically(bytes, to: path)
            #expect(try FileIO.read(path) == bytes)
            #expect(names() == ["模型.ctr"])
        }
        var status = stat()
        #expect(stat(path, &status) == 0)
        #expect(status.st_mode & 0o777 & ~0o644 == 0)
    }

    @Test func keepsAFilesPermissions() throws {
        let path = folder + "/private"
        try FileIO.writeAtomically([1], to: path)
        chmod(path, 0o600)
        try FileIO.writeAtomically([2], to: path)
        var status = stat()
        #expect(stat(path, &status) == 0)
        #expect(status.st_mode & 0o777 == 0o600)
    }

    @Test func followsALink() throws {
        try FileIO.writeAtomically([1], to: folder + "/a")
        #expect(symlink("a", folder + "/b") == 0)
        try FileIO.writeAtomically([2], to: folder + "/b")
        #expect(try FileIO.read(folder + "/a") == [2])
        #expect(names() == ["a", "b"])
    }

    /// A link to nothing stands, and what it leads to is made.
    @Test func followsALinkToNothing() throws {
        #expect(symlink("b", folder + "/a") == 0)
        #expect(symlink(folder + "/c", folder + "/b") == 0)
        try FileIO.writeAtomically([1], to: folder + "/a")
        #expect(try FileIO.read(folder + "/c") == [1])
        #expect(try FileIO.read(folder + "/a") == [1])
        var status = stat()
        for name in ["a", "b"] {
            #expect(lstat(folder + "/" + name, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK)
        }
        #expect(names() == ["a", "b", "c"])
        #expect(symlink("loop", folder + "/loop") == 0)
        expectIO("symbolic links") { try FileIO.writeAtomically([1], to: self.folder + "/loop") }
        expectIO("symbolic links") { _ = try FileIO.read(self.folder + "/loop") }
    }

    @Test func namesTheSystemsError() {
        func number(_ body: () throws -> Void) -> Int32? {
            do { try body() } catch { return (error as? CTRError)?.systemError }
            return nil
        }
        #expect(number { _ = try FileIO.read(folder + "/none") } == ENOENT)
        #expect(number { _ = try FileIO.read(folder) } == EISDIR)
        #expect(number { try FileIO.writeAtomically([1], to: folder) } == EISDIR)
        #expect(number { try FileIO.writeAtomically([1], to: folder + "/none/a") } == ENOENT)
        #expect(number { _ = try FileIO.read("") } == ENOENT)
        #expect(number { _ = try FileIO.read(folder + "/" + String(repeating: "x", count: 300)) } == ENAMETOOLONG)
    }

    /// A process that was killed leaves its temporary file; the next save into the folder removes it, but none that is
    /// still being written.
    @Test func removesWhatWasLeftBehind() throws {
        let old = folder + "/.ctr-model-1-2-0.tmp"
        for name in ["/.ctr-model.1-2.tmp", "/.ctr-model-9-9-0.tmp"] {
            close(open(folder + name, O_WRONLY | O_CREAT, 0o644))
        }
        close(open(old, O_WRONLY | O_CREAT, 0o644))
        var times = [timespec(tv_sec: 1, tv_nsec: 0), timespec(tv_sec: 1, tv_nsec: 0)]
        #expect(utimensat(AT_FDCWD, old, &times, 0) == 0)
        let busy = open(folder + "/.ctr-model.3-4.tmp", O_WRONLY | O_CREAT, 0o644)
        #expect(flock(busy, LOCK_EX) == 0)
        close(open(folder + "/.ctr-model.other", O_WRONLY | O_CREAT, 0o644))
        try FileIO.writeAtomically([1], to: folder + "/a")
        #expect(names() == [".ctr-model-9-9-0.tmp", ".ctr-model.3-4.tmp", ".ctr-model.other", "a"])
        // Unlocked first: a child that another test forks meanwhile keeps what is open.
        flock(busy, LOCK_UN)
        close(busy)
        try FileIO.writeAtomically([2], to: folder + "/a")
        #expect(names() == [".ctr-model-9-9-0.tmp", ".ctr-model.other", "a"])
    }

    @Test func pathsThatCannotBe() {
        expectIO("No such file") { _ = try FileIO.read(self.folder + "/none") }
        expectIO("it is a folder") { _ = try FileIO.read(self.folder) }
        expectIO("not a regular file") { _ = try FileIO.read("/dev/zero") }
        expectIO("the path is empty") { _ = try FileIO.read("") }
        expectIO("NUL") { try FileIO.writeAtomically([1], to: "a\0b") }
        expectIO("it is a folder") { try FileIO.writeAtomically([1], to: self.folder) }
        expectIO("not a regular file") { try FileIO.writeAtomically([1], to: "/dev/null") }
        expectIO("'\(folder)/none' does not exist") { try FileIO.writeAtomically([1], to: self.folder + "/none/a") }
        expectIO("name too long") {
            try FileIO.writeAtomically([1], to: self.folder + "/" + String(repeating: "x", count: 300))
        }
        #expect(names().isEmpty)
    }

    @Test func sparseFileOfAnySizeIsRefused() {
        let path = folder + "/sparse"
        let file = open(path, O_WRONLY | O_CREAT, 0o644)
        #expect(ftruncate(file, 1 << 40) == 0)
        close(file)
        expectIO("do not fit in memory") { _ = try FileIO.read(path) }
    }

    /// (The superuser may write anywhere.)
    @Test(.enabled(if: geteuid() != 0))
    func readOnlyFolderKeepsTheOldFile() throws {
        let path = folder + "/a"
        try FileIO.writeAtomically([1], to: path)
        chmod(folder, 0o555)
        expectIO("Permission denied") { try FileIO.writeAtomically([2], to: path) }
        #expect(try FileIO.read(path) == [1])
        #expect(names() == ["a"])
    }

    /// A write that fails half-way leaves the old file, and no temporary one.
    @Test func fullDiskKeepsTheOldFile() throws {
        let path = folder + "/a"
        try FileIO.writeAtomically([1], to: path)
        // The limit is the process's; other tests write less than it.
        var old = rlimit()
        #expect(getrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &old) == 0)
        var low = old
        low.rlim_cur = 64 << 20
        let handler = signal(SIGXFSZ, SIG_IGN)
        #expect(setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &low) == 0)
        expectIO("File too large") {
            try FileIO.writeAtomically([UInt8](repeating: 7, count: 80 << 20), to: path)
        }
        #expect(setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &old) == 0)
        signal(SIGXFSZ, handler)
        #expect(try FileIO.read(path) == [1])
        #expect(names() == ["a"])
    }
}

extension FileIO {
    fileprivate static func writeAtomically(_ bytes: [UInt8], to path: String) throws(CTRError) {
        try AtomicFile(FilePath(path)).write { (file) throws(CTRError) in try file.append(ArrayBytes(bytes)) }
    }
}
