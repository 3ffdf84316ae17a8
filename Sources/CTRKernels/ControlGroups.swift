import Glibc

/// What the control groups of this process, of either version, leave it of memory and processors: a container's limits.
package struct ControlGroups {
    /// Before each path; a test has its own.
    private let root: String

    package init(root: String = "") { self.root = root }

    /// Bytes that the process may still take before a group's limit ends it; nil where there is no limit. What the
    /// system can drop, as files read before, is not counted as taken.
    package var memoryLeft: Int? {
        let folders = folders(of: "memory")
        let new = folders.new.compactMap { left(in: $0, Self.newNames) }
        let old = folders.old.compactMap { left(in: $0, Self.oldNames) }
        return (new + old).min()
    }

    /// Processors' worth of time that the process is given, rounded up; nil where there is no quota.
    package var processors: Int? {
        let folders = folders(of: "cpu")
        let new = folders.new.compactMap { folder -> Int? in
            let words = text("\(folder)/cpu.max").split { $0 == " " || $0 == "\n" }
            return words.count == 2 ? Self.processors(quota: Int(words[0]), period: Int(words[1])) : nil
        }
        let old = folders.old.compactMap { folder in
            Self.processors(quota: number("\(folder)/cpu.cfs_quota_us"), period: number("\(folder)/cpu.cfs_period_us"))
        }
        return (new + old).min()
    }

    private static func processors(quota: Int?, period: Int?) -> Int? {
        guard let quota, let period, quota > 0, period > 0 else { return nil }
        return quota / period + (quota % period > 0 ? 1 : 0)
    }

    private struct Names {
        var limit, usage, swapLimit, swapUsage: String
        var droppable: [String]
        /// Whether the limit of swap counts the memory as well.
        var swapHasMemory: Bool
    }

    private static var newNames: Names {
        Names(
            limit: "memory.max", usage: "memory.current", swapLimit: "memory.swap.max",
            swapUsage: "memory.swap.current", droppable: ["inactive_file", "active_file", "slab_reclaimable"],
            swapHasMemory: false)
    }

    private static var oldNames: Names {
        Names(
            limit: "memory.limit_in_bytes", usage: "memory.usage_in_bytes",
            swapLimit: "memory.memsw.limit_in_bytes", swapUsage: "memory.memsw.usage_in_bytes",
            droppable: ["total_inactive_file", "total_active_file"], swapHasMemory: true)
    }

    /// Above it a limit is none: the old version writes a number near 2^63.
    private static var mostBytes: Int { 1 << 60 }

    private func left(in folder: String, _ names: Names) -> Int? {
        guard let limit = number("\(folder)/\(names.limit)"), limit < Self.mostBytes else { return nil }
        let droppable = fields("\(folder)/memory.stat", names.droppable, separator: " ").reduce(0) { $0 &+ $1 }
        let left = { (limit: Int, usage: Int) in max(0, limit &- max(0, usage &- droppable)) }
        let memory = left(limit, number("\(folder)/\(names.usage)") ?? 0)
        var swap = fields("\(root)/proc/meminfo", ["SwapFree"], separator: ":").first.map { $0 &* 1024 } ?? 0
        if swap > 0, let swapLimit = number("\(folder)/\(names.swapLimit)"), swapLimit < Self.mostBytes {
            let usage = number("\(folder)/\(names.swapUsage)") ?? 0
            swap = min(swap, names.swapHasMemory ? left(swapLimit, usage) &- memory : swapLimit &- usage)
        }
        return memory &+ max(0, min(swap, Self.mostBytes))
    }

    /// The folders of the process's group and of those above it, by version.
    private func folders(of controller: String) -> (new: [String], old: [String]) {
        var (new, old): (String?, String?) = (nil, nil)
        for line in text("\(root)/proc/self/cgroup").split(separator: "\n") {
            let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard parts.count == 3 else { continue }
            if parts[0] == "0", parts[1].isEmpty { new = String(parts[2]) }
            if parts[1].split(separator: ",").contains(Substring(controller)) { old = String(parts[2]) }
        }
        var found: (new: [String], old: [String]) = ([], [])
        for line in text("\(root)/proc/self/mountinfo").split(separator: "\n") {
            let words = line.split(separator: " ")
            guard words.count > 5, let dash = words.lastIndex(of: "-"), dash + 3 < words.count else { continue }
            let (top, mount) = (String(words[3]), String(words[4]))
            if words[dash + 1] == "cgroup2", let new {
                found.new += folders(of: new, below: top, mount)
            } else if words[dash + 1] == "cgroup", let old,
                words[dash + 3].split(separator: ",").contains(Substring(controller))
            {
                found.old += folders(of: old, below: top, mount)
            }
        }
        return found
    }

    /// `top` is the group that is mounted: a container may see no more of the tree than its own.
    private func folders(of group: String, below top: String, _ mount: String) -> [String] {
        var parts = group.split(separator: "/")
        let above = top.split(separator: "/")
        let isBelow = parts.starts(with: above) && !parts.contains("..")
        parts = isBelow ? Array(parts.dropFirst(above.count)) : []
        return (0...parts.count).map { "\(root)\(mount)/" + parts.prefix($0).joined(separator: "/") }
    }

    private func number(_ path: String) -> Int? { Int(text(path).prefix { $0 != "\n" }) }

    /// The numbers of the lines with these names.
    private func fields(_ path: String, _ names: [String], separator: Character) -> [Int] {
        text(path).split(separator: "\n").compactMap { line in
            let words = line.split { $0 == separator || $0 == " " }
            guard words.count > 1, names.contains(String(words[0])) else { return nil }
            return Int(words[1])
        }
    }

    /// "" for a file that cannot be read. The system's files tell no size before they are read.
    private func text(_ path: String) -> String {
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard file >= 0 else { return "" }
        defer { close(file) }
        let room = 1 << 16
        return String(unsafeUninitializedCapacity: room) { target in
            var filled = 0
            while filled < room {
                let got = Glibc.read(file, target.baseAddress.map { $0 + filled }, room - filled)
                if got < 0, errno == EINTR { continue }
                if got <= 0 { break }
                filled += got
            }
            return filled
        }
    }
}
