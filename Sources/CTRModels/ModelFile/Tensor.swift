import CTRFeatures
import CTRKernels

/// An array of numbers with a shape, as bytes in little-endian order (that of every platform of this library). The bytes
/// stay where they are: in an array, in a layer's buffer, in a file's.
package struct Tensor: Sendable {
    /// The safetensors name of each type of element.
    package enum DType: String, Sendable, CaseIterable {
        case f32 = "F32"
        case f64 = "F64"
        case i32 = "I32"
        case i64 = "I64"
        case u8 = "U8"

        package var size: Int {
            switch self {
            case .f32, .i32: 4
            case .f64, .i64: 8
            case .u8: 1
            }
        }
    }

    package let dtype: DType
    package let shape: [Int]
    let storage: any ByteStorage

    package init(dtype: DType, shape: [Int], storage: any ByteStorage) {
        self.dtype = dtype
        self.shape = shape
        self.storage = storage
    }

    package init(dtype: DType, shape: [Int], bytes: [UInt8]) {
        self.init(dtype: dtype, shape: shape, storage: ArrayBytes(bytes))
    }

    /// The shape is one dimension of all values if it is not given.
    package init(_ values: [Float], shape: [Int]? = nil) { self.init(.f32, values, shape) }
    package init(_ values: [Double], shape: [Int]? = nil) { self.init(.f64, values, shape) }
    package init(_ values: [Int32], shape: [Int]? = nil) { self.init(.i32, values, shape) }
    package init(_ values: [Int64], shape: [Int]? = nil) { self.init(.i64, values, shape) }
    package init(_ values: [Int], shape: [Int]? = nil) { self.init(.i64, values, shape) }
    package init(_ values: [UInt8], shape: [Int]? = nil) { self.init(.u8, values, shape) }

    private init<T: BitwiseCopyable & Sendable>(_ dtype: DType, _ values: [T], _ shape: [Int]?) {
        self.init(dtype: dtype, shape: shape ?? [values.count], storage: ArrayBytes(values))
    }

    /// The values of a buffer, which must not change any more.
    package init(_ values: FloatBuffer, shape: [Int]) { self.init(dtype: .f32, shape: shape, storage: values) }

    package var byteCount: Int { storage.byteCount }

    package func withBytes<R>(_ body: (UnsafeRawBufferPointer) -> R) -> R { storage.withBytes(body) }

    /// A copy of the bytes.
    package var bytes: [UInt8] { withBytes { Array($0) } }

    /// The number of elements.
    package var count: Int { byteCount / dtype.size }

    /// The bytes that a shape asks for; nil if a dimension is negative or the product overflows.
    static func byteCount(_ dtype: DType, _ shape: [Int]) -> Int? {
        var product = dtype.size
        for dimension in shape {
            guard dimension >= 0 else { return nil }
            let (next, overflow) = product.multipliedReportingOverflow(by: dimension)
            guard !overflow else { return nil }
            product = next
        }
        return product
    }

    /// The elements, if they are of that type.
    package func floats() throws(CTRError) -> [Float] { try elements(.f32, 0) }
    package func doubles() throws(CTRError) -> [Double] { try elements(.f64, 0) }
    package func int32s() throws(CTRError) -> [Int32] { try elements(.i32, 0) }
    package func int64s() throws(CTRError) -> [Int64] { try elements(.i64, 0) }
    package func uint8s() throws(CTRError) -> [UInt8] { try elements(.u8, 0) }

    /// The elements of an i64 tensor as Int.
    package func ints() throws(CTRError) -> [Int] { try elements(.i64, 0) }

    /// The elements of an f32 tensor in a buffer of their own.
    package func buffer() throws(CTRError) -> FloatBuffer {
        try check(.f32)
        let buffer = FloatBuffer(count: count)
        withBytes { bytes in
            UnsafeMutableRawBufferPointer(start: buffer.base, count: bytes.count).copyMemory(from: bytes)
        }
        return buffer
    }

    private func elements<T: BitwiseCopyable>(_ wanted: DType, _ zero: T) throws(CTRError) -> [T] {
        try check(wanted)
        return [T](unsafeUninitializedCapacity: count) { target, filled in
            withBytes { UnsafeMutableRawBufferPointer(target).copyBytes(from: $0.prefix(count * dtype.size)) }
            filled = count
        }
    }

    private func check(_ wanted: DType) throws(CTRError) {
        guard dtype == wanted else {
            throw .badModelFile("a tensor is of type \(dtype.rawValue) where \(wanted.rawValue) is needed")
        }
    }
}

extension Tensor: Equatable {
    package static func == (a: Tensor, b: Tensor) -> Bool {
        a.dtype == b.dtype && a.shape == b.shape
            && a.withBytes { a in b.withBytes { b in a.elementsEqual(b) } }
    }
}
