import Glibc

package typealias FloatBuffer = Buffer<Float>
package typealias IndexBuffer = Buffer<Int32>

/// A fixed block of numbers, aligned to 64 bytes (one cache line, one AVX-512 register) and zeroed when made.
///
/// It is shared by reference between threads that write disjoint parts of it; the owner sees to that.
package final class Buffer<Element: BitwiseCopyable>: @unchecked Sendable {
    package let count: Int
    package let base: UnsafeMutablePointer<Element>

    package init(count: Int) {
        self.count = max(count, 0)
        let bytes = max(self.count, 1) * MemoryLayout<Element>.stride
        let raw = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
        memset(raw, 0, bytes)
        base = raw.bindMemory(to: Element.self, capacity: max(self.count, 1))
    }

    deinit { UnsafeMutableRawPointer(base).deallocate() }

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
