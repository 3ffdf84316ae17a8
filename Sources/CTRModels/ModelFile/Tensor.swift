import CTRFeatures

/// An array of numbers with a shape, as bytes in little-endian order (that of every platform of this library).
package struct Tensor: Equatable, Sendable {
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
    package let bytes: [UInt8]

    package init(dtype: DType, shape: [Int], bytes: [UInt8]) {
        self.dtype = dtype
        self.shape = shape
        self.bytes = bytes
    }

    /// The shape is one dimension of all values if it is not given.
    package init(_ values: [Float], shape: [Int]? = nil) { self.init(.f32, values, shape) }
    package init(_ values: [Double], shape: [Int]? = nil) { self.init(.f64, values, shape) }
    package init(_ values: [Int32], shape: [Int]? = nil) { self.init(.i32, values, shape) }
    package init(_ values: [Int64], shape: [Int]? = nil) { self.init(.i64, values, shape) }
    package init(_ values: [UInt8], shape: [Int]? = nil) { self.init(.u8, values, shape) }
    package init(_ values: [Int], shape: [Int]? = nil) { self.init(values.map { Int64($0) }, shape: shape) }

    private init<T: BitwiseCopyable>(_ dtype: DType, _ values: [T], _ shape: [Int]?) {
        self.init(dtype: dtype, shape: shape ?? [values.count], bytes: values.withUnsafeBytes { Array($0) })
    }

    /// The number of elements.
    package var count: Int { bytes.count / dtype.size }

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
    package func ints() throws(CTRError) -> [Int] {
        try int64s().map { Int(truncatingIfNeeded: $0) }
    }

    private func elements<T: BitwiseCopyable>(_ wanted: DType, _ zero: T) throws(CTRError) -> [T] {
        guard dtype == wanted else {
            throw .badModelFile("a tensor is of type \(dtype.rawValue) where \(wanted.rawValue) is needed")
        }
        return [T](unsafeUninitializedCapacity: count) { target, filled in
            UnsafeMutableRawBufferPointer(target).copyBytes(from: bytes.prefix(count * dtype.size))
            filled = count
        }
    }
}
