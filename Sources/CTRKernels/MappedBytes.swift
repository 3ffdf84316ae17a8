import Glibc

/// Bytes that the system may refuse, where a Swift array that gets none ends the process. They are zero, take memory only
/// once they are written to, and are given back with the last reference.
package final class MappedBytes: @unchecked Sendable {
    package let bytes: UnsafeMutableRawBufferPointer

    package init?(count: Int) {
        guard count >= 0, count < Int.max / 2,
            let mapped = mmap(nil, max(count, 1), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
            mapped != UnsafeMutableRawPointer(bitPattern: -1)
        else { return nil }
        bytes = UnsafeMutableRawBufferPointer(start: mapped, count: count)
    }

    deinit { munmap(bytes.baseAddress, max(bytes.count, 1)) }
}
