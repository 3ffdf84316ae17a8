import Glibc

package typealias FloatBuffer = Buffer<Float>
package typealias IndexBuffer = Buffer<Int32>

/// A fixed block of numbers, aligned to 64 bytes (one cache line, one AVX-512 register), zero when made.
///
/// A large one comes from the system in pages that take memory only once they are written to, and large pages where
/// there are any: rows read here and there in a table of megabytes would else miss the processor's list of pages as well.
/// It is shared by reference between threads that write disjoint parts of it; the owner sees to that.
package final class Buffer<Element: BitwiseCopyable>: @unchecked Sendable {
    package let count: Int
    package let base: UnsafeMutablePointer<Element>
    private let mappedBytes: Int

    package init(count: Int) {
        self.count = max(count, 0)
        let bytes = max(self.count, 1) * MemoryLayout<Element>.stride
        var raw: UnsafeMutableRawPointer
        if bytes >= Self.mappedSize, let mapped = Self.mapped(bytes) {
            raw = mapped
            mappedBytes = bytes
        } else {
            raw = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
            memset(raw, 0, bytes)
            mappedBytes = 0
        }
        base = raw.bindMemory(to: Element.self, capacity: max(self.count, 1))
    }

    deinit {
        if mappedBytes > 0 {
            munmap(base, mappedBytes)
        } else {
            UnsafeMutableRawPointer(base).deallocate()
        }
    }

    /// From here on in bytes: two large pages.
    private static var mappedSize: Int { 1 << 22 }

    private static func mapped(_ bytes: Int) -> UnsafeMutableRawPointer? {
        guard
            let raw = mmap(nil, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
            raw != UnsafeMutableRawPointer(bitPattern: -1)
        else { return nil }
        madvise(raw, bytes, MADV_HUGEPAGE)
        return raw
    }

    package convenience init(_ values: [Element]) {
        self.init(count: values.count)
        values.withUnsafeBufferPointer { source in
            if let start = source.baseAddress { memcpy(base, start, values.count * MemoryLayout<Element>.stride) }
        }
    }

    package var array: [Element] { Array(UnsafeBufferPointer(start: base, count: count)) }

    package func copy() -> Buffer { resized(to: count) }

    /// The same numbers in a block of another size: cut off, or continued with zeros.
    package func resized(to newCount: Int) -> Buffer {
        let other = Buffer(count: newCount)
        other.assign(from: self)
        return other
    }

    package func assign(from other: Buffer) {
        memcpy(base, other.base, min(count, other.count) * MemoryLayout<Element>.stride)
    }
}
