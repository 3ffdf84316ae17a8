import CTRFeatures
import CTRKernels

/// Bytes that somebody keeps: an array, a buffer of weights, a piece of a file.
package protocol ByteStorage: Sendable {
    var byteCount: Int { get }
    func withBytes<R>(_ body: (UnsafeRawBufferPointer) -> R) -> R
}

/// A range of bytes within others, which it keeps.
struct ByteRange: ByteStorage {
    let whole: any ByteStorage
    let range: Range<Int>

    var byteCount: Int { range.count }
    func withBytes<R>(_ body: (UnsafeRawBufferPointer) -> R) -> R {
        whole.withBytes { body(UnsafeRawBufferPointer(rebasing: $0[range])) }
    }
}

/// An array's bytes.
struct ArrayBytes<Element: BitwiseCopyable & Sendable>: ByteStorage {
    let values: [Element]

    init(_ values: [Element]) { self.values = values }

    var byteCount: Int { values.count * MemoryLayout<Element>.stride }
    func withBytes<R>(_ body: (UnsafeRawBufferPointer) -> R) -> R { values.withUnsafeBytes(body) }
}

extension Buffer: ByteStorage {
    package var byteCount: Int { count * MemoryLayout<Element>.stride }
    package func withBytes<R>(_ body: (UnsafeRawBufferPointer) -> R) -> R {
        body(UnsafeRawBufferPointer(start: base, count: byteCount))
    }
}

extension MappedBytes: ByteStorage {
    package var byteCount: Int { bytes.count }
    package func withBytes<R>(_ body: (UnsafeRawBufferPointer) -> R) -> R { body(UnsafeRawBufferPointer(bytes)) }
}

/// Memory of the caller's, for the length of a call: nothing that outlives the call may keep it.
package struct BorrowedBytes: ByteStorage, @unchecked Sendable {
    let bytes: UnsafeRawBufferPointer

    package init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    package var byteCount: Int { bytes.count }
    package func withBytes<R>(_ body: (UnsafeRawBufferPointer) -> R) -> R { body(bytes) }
}

/// Where a model file's bytes come from. Of a file only what is asked for is read.
package protocol ByteSource {
    var byteCount: Int { get }
    /// The bytes of a range that lies within.
    func piece(_ range: Range<Int>) throws(CTRError) -> any ByteStorage
}

extension [UInt8]: ByteSource {
    package var byteCount: Int { count }
    package func piece(_ range: Range<Int>) -> any ByteStorage { ByteRange(whole: ArrayBytes(self), range: range) }
}

extension BorrowedBytes: ByteSource {
    package func piece(_ range: Range<Int>) -> any ByteStorage { ByteRange(whole: self, range: range) }
}
