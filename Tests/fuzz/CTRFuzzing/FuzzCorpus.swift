import CTRModels
import Glibc

/// The inputs kept in Tests/fuzz/corpus, a folder a target: seeds, and every past failure.
package enum FuzzCorpus {
    /// The files of a target, by name.
    package static func files(of target: FuzzTarget, in folder: String) -> [String] {
        let path = "\(folder)/\(target.rawValue)"
        guard let directory = opendir(path) else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { start in
                start.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return names.sorted().map { "\(path)/\($0)" }
    }

    package static func read(_ path: String) throws(CTRError) -> [UInt8] { try FileIO.read(path) }
}
