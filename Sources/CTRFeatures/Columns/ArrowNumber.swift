/// A number as an array's buffer holds it.
protocol ArrowNumber: BitwiseCopyable {
    var cell: Cell { get }
}

extension ArrowNumber where Self: SignedInteger & FixedWidthInteger {
    @inline(__always)
    var cell: Cell { .integer(Int64(self)) }
}

extension ArrowNumber where Self: UnsignedInteger & FixedWidthInteger {
    @inline(__always)
    var cell: Cell { self > Int64.max ? .large(UInt64(self)) : .integer(Int64(self)) }
}

extension Int8: ArrowNumber {}
extension Int16: ArrowNumber {}
extension Int32: ArrowNumber {}
extension Int64: ArrowNumber {}
extension UInt8: ArrowNumber {}
extension UInt16: ArrowNumber {}
extension UInt32: ArrowNumber {}
extension UInt64: ArrowNumber {}

extension Double: ArrowNumber {
    @inline(__always)
    var cell: Cell { isNaN ? .missing : isInfinite ? .invalid : .number(self) }
}

extension Float: ArrowNumber {
    @inline(__always)
    var cell: Cell { Double(self).cell }
}

/// An IEEE 754 half-precision number.
struct HalfFloat: ArrowNumber {
    let bits: UInt16

    var cell: Cell {
        let fraction = Double(bits & 0x3FF)
        let exponent = Int(bits >> 10 & 0x1F)
        let magnitude: Double
        switch exponent {
        case 0: magnitude = fraction / 16_777_216
        case 31: magnitude = fraction == 0 ? .infinity : .nan
        default: magnitude = Double(sign: .plus, exponent: exponent - 15, significand: 1 + fraction / 1024)
        }
        return (bits & 0x8000 == 0 ? magnitude : -magnitude).cell
    }
}
