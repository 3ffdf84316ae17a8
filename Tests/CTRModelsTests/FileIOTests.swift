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
