import CTRFeatures
import Glibc

/// A path as the system has it: bytes up to a NUL, UTF-8 or not.
package struct FilePath: Sendable, CustomStringConvertible {
    /// With the NUL.
    let bytes: [CChar]

    package init(_ text: String) throws(CTRError) {
        guard !text.utf8.contains(0) else { throw .io("the path holds a NUL byte", systemError: EINVAL) }
        try self.init(bytes: Array(text.utf8CString))
    }

    package init(cString: UnsafePointer<CChar>) throws(CTRError) {
        try self.init(bytes: Array(UnsafeBufferPointer(start: cString, count: strlen(cString) + 1)))
    }

    private init(bytes: [CChar]) throws(CTRError) {
        guard bytes.count > 1 else { throw .io("the path is empty", systemError: ENOENT) }
        self.bytes = bytes
    }

    private init(parts: ArraySlice<CChar>...) { bytes = Array(parts.joined()) + [0] }

    package var description: String {
        String(decoding: bytes.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    private static let slash = CChar(bitPattern: UInt8(ascii: "/"))
    private var withoutNUL: ArraySlice<CChar> { bytes.dropLast() }

    /// The folder that the path's last name is in.
    var folder: FilePath {
        guard let slash = withoutNUL.lastIndex(of: Self.slash) else { return FilePath(parts: [46]) }
        return FilePath(parts: withoutNUL[...max(slash - 1, 0)])
    }

    /// The path of a name in this folder.
    func appending(_ name: [CChar]) -> FilePath { FilePath(parts: withoutNUL, [Self.slash], name[...]) }

    /// Where links at the path lead, one after the other, whether or not anything is there. The path itself if it is none.
    func resolved() throws(CTRError) -> FilePath {
        var path = self
        // As many as the system follows.
        for _ in 0..<40 {
            guard let target = path.linkTarget else { return path }
            path = target.first == Self.slash ? FilePath(parts: target[...]) : path.folder.appending(target)
        }
        throw .io("cannot write '\(self)': \(String(cString: strerror(ELOOP)))", systemError: ELOOP)
    }

    private var linkTarget: [CChar]? {
        // The system's links are shorter.
        let target = [CChar](unsafeUninitializedCapacity: 4096) { room, filled in
            filled = room.baseAddress.map { max(0, readlink(bytes, $0, room.count)) } ?? 0
        }
        return target.isEmpty ? nil : target
    }
}
