import Glibc
import Testing

@testable import CTRKernels

@Suite struct ControlGroupsTests {
    /// The groups as files under a folder of the test's own, which is removed after.
    private func groups(_ files: [String: String], _ body: (ControlGroups) throws -> Void) throws {
        var template = Array("/tmp/ctr-groups-XXXXXX".utf8CString)
        let root = try #require(mkdtemp(&template).map { String(cString: $0) })
        defer { _ = system("rm -r \(root)") }
        for (path, text) in files {
            let folder = path.split(separator: "/").dropLast().joined(separator: "/")
            #expect(system("mkdir -p \(root)/\(folder)") == 0)
            let file = try #require(fopen("\(root)/\(path)", "w"))
            fputs(text, file)
            fclose(file)
        }
        try body(ControlGroups(root: root))
    }

    private static let new = [
        "proc/self/cgroup": "0::/user/job\n",
        "proc/self/mountinfo": "30 23 0:26 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw,nsdelegate\n",
        "proc/meminfo": "MemTotal: 9 kB\nSwapFree:        0 kB\n",
    ]
    private static let old = [
        "proc/self/cgroup": "4:memory:/user/job\n3:cpu,cpuacct:/user/job\n0::/\n",
        "proc/self/mountinfo": """
        31 23 0:28 / /sys/fs/cgroup rw - tmpfs tmpfs rw,mode=755
        35 31 0:32 / /sys/fs/cgroup/memory rw,relatime shared:9 - cgroup cgroup rw,memory
        32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw,relatime - cgroup cgroup rw,cpu,cpuacct

        """,
    ]

    @Test func withoutGroupsNothingLimits() throws {
        try groups([:]) {
            #expect($0.memoryLeft == nil)
            #expect($0.processors == nil)
        }
        try groups(Self.new.merging(["sys/fs/cgroup/user/job/memory.max": "max\n"]) { $1 }) {
            #expect($0.memoryLeft == nil)
        }
        try groups(Self.old.merging(["sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712\n"]) { $1 }) {
            #expect($0.memoryLeft == nil)
        }
    }

    /// What can be dropped is not taken; a group above may have less left than the process's own.
    @Test func memoryOfTheNewVersion() throws {
        var files = Self.new
        files["sys/fs/cgroup/user/job/memory.max"] = "400000000\n"
        files["sys/fs/cgroup/user/job/memory.current"] = "150000000\n"
        files["sys/fs/cgroup/user/job/memory.stat"] =
            "anon 90\ninactive_file 40000000\nactive_file 8000000\nslab_reclaimable 2000000\n"
        try groups(files) { #expect($0.memoryLeft == 300_000_000) }
        files["proc/meminfo"] = "SwapFree: 100000 kB\n"
        try groups(files) { #expect($0.memoryLeft == 402_400_000) }
        files["sys/fs/cgroup/user/job/memory.swap.max"] = "5000000\n"
        files["sys/fs/cgroup/user/job/memory.swap.current"] = "1000000\n"
        try groups(files) { #expect($0.memoryLeft == 304_000_000) }
        files["sys/fs/cgroup/user/memory.max"] = "700000000\n"
        files["sys/fs/cgroup/user/memory.current"] = "900000000\n"
        files["sys/fs/cgroup/user/memory.swap.max"] = "0\n"
        try groups(files) { #expect($0.memoryLeft == 0) }
    }

    @Test func memoryOfTheOldVersion() throws {
        var files = Self.old
        files["sys/fs/cgroup/memory/user/job/memory.limit_in_bytes"] = "400000000\n"
        files["sys/fs/cgroup/memory/user/job/memory.usage_in_bytes"] = "150000000\n"
        files["sys/fs/cgroup/memory/user/job/memory.stat"] = "inactive_file 7\ntotal_inactive_file 50000000\n"
        try groups(files) { #expect($0.memoryLeft == 300_000_000) }
        files["proc/meminfo"] = "SwapFree: 100000 kB\n"
        files["sys/fs/cgroup/memory/user/job/memory.memsw.limit_in_bytes"] = "410000000\n"
        files["sys/fs/cgroup/memory/user/job/memory.memsw.usage_in_bytes"] = "151000000\n"
        try groups(files) { #expect($0.memoryLeft == 309_000_000) }
    }

    /// A container without a view of its own names a group that it cannot see: what is mounted is its own.
    @Test(arguments: ["/docker/abc", "/", "/../other"])
    func aContainerSeesItsOwnGroup(_ top: String) throws {
        var files = Self.old
        files["proc/self/cgroup"] = "4:memory:\(top == "/" ? "/docker/abc" : top)\n"
        files["proc/self/mountinfo"] = "35 31 0:32 \(top) /sys/fs/cgroup/memory ro - cgroup cgroup rw,memory\n"
        files["sys/fs/cgroup/memory/memory.limit_in_bytes"] = "64000000\n"
        try groups(files) { #expect($0.memoryLeft == 64_000_000) }
    }

    @Test(arguments: [("max 100000", nil), ("50000 100000", 1), ("150000 100000", 2), ("400000 100000", 4), ("x", nil)])
    func processorsOfTheNewVersion(_ text: String, _ expected: Int?) throws {
        try groups(Self.new.merging(["sys/fs/cgroup/user/cpu.max": text + "\n"]) { $1 }) {
            #expect($0.processors == expected)
        }
    }

    @Test(arguments: [(-1, nil), (1000, 1), (250_000, 3)])
    func processorsOfTheOldVersion(_ quota: Int, _ expected: Int?) throws {
        var files = Self.old
        files["sys/fs/cgroup/cpu,cpuacct/user/job/cpu.cfs_quota_us"] = "\(quota)\n"
        files["sys/fs/cgroup/cpu,cpuacct/user/job/cpu.cfs_period_us"] = "100000\n"
        try groups(files) { #expect($0.processors == expected) }
    }
}
