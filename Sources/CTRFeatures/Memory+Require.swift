import CTRKernels

extension Memory {
    /// Throws where the process cannot have so many bytes more. To be asked before anything is made whose size grows
    /// with the input; `what` says for what, as "the features of 1000 rows".
    package static func require(_ bytes: Int, for what: @autoclosure () -> String) throws(CTRError) {
        guard holds(bytes) else { throw lacking(bytes, for: what()) }
    }

    /// The error that says so.
    package static func lacking(_ bytes: Int, for what: String) -> CTRError {
        let mebibytes = { (bytes: Int) in bytes / (1 << 20) + 1 }
        return .outOfMemory(
            "there is no memory for \(what): they take about \(mebibytes(bytes)) MiB, at most "
                + "\(mebibytes(available)) MiB are left; end what else takes memory, or ask for fewer rows at once")
    }
}
