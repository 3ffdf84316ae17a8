import CArrow
import Glibc

/// Where an array's rows lie: what every kind of array is checked for, before anything of it is read.
struct ArrowShape {
    let schema: UnsafePointer<ArrowSchema>
    let array: UnsafePointer<ArrowArray>
    let format: UnsafePointer<CChar>
    /// The first row's index in the buffers: the offsets of the array and of those around it are in it.
    let start: Int
    let count: Int
    /// The index after the array's last row, wanted or not.
    let end: Int

    /// The rows `from ..< from + count` of an array; all of its rows where `count` is nil.
    init(
        _ schema: UnsafePointer<ArrowSchema>?, _ array: UnsafePointer<ArrowArray>?, from: Int = 0, count: Int? = nil
    ) throws(ArrowFault) {
        guard let schema, let array else { throw ArrowFault("the Arrow schema or array is a null pointer") }
        guard schema.pointee.release != nil, array.pointee.release != nil else {
            throw ArrowFault("the Arrow data was released already; export it anew for each call")
        }
        guard let format = schema.pointee.format else { throw ArrowFault("the Arrow schema has no format") }
        let (length, offset, nulls) = (array.pointee.length, array.pointee.offset, array.pointee.null_count)
        guard length >= 0, offset >= 0, nulls >= -1 else {
            throw ArrowFault("negative length (\(length)), offset (\(offset)) or null count (\(nulls))")
        }
        let (end, overflow) = offset.addingReportingOverflow(length)
        guard !overflow, end < Int64.max / 64, let length = Int(exactly: length), let offset = Int(exactly: offset),
            let end = Int(exactly: end)
        else { throw ArrowFault("offset \(offset) and length \(length) are out of range") }
        let wanted = count ?? length
        guard from >= 0, wanted >= 0, from <= length, wanted <= length - from else {
            throw ArrowFault("it has \(length) values where \(from) + \(wanted) are needed")
        }
        guard wanted <= ArrowReader.limit else {
            throw ArrowFault("it has \(wanted) values; at most \(ArrowReader.limit) can be read")
        }
        guard array.pointee.n_buffers >= 0, array.pointee.n_buffers == 0 || array.pointee.buffers != nil else {
            throw ArrowFault("\(array.pointee.n_buffers) buffers, but no list of them")
        }
        (self.schema, self.array, self.format) = (schema, array, format)
        (start, self.count, self.end) = (offset + from, wanted, end)
    }

    /// Whether the format is this text.
    @inline(__always)
    func isFormat(_ text: StaticString) -> Bool {
        let bytes = text.utf8Start
        var at = 0
        while at < text.utf8CodeUnitCount {
            // Also where the format ends before the text.
            if UInt8(bitPattern: format[at]) != bytes[at] { return false }
            at += 1
        }
        return format[at] == 0
    }

    /// The format for an error; it may be of any length.
    var formatText: String {
        let shown = UnsafeRawBufferPointer(start: format, count: strnlen(format, 64))
        return String(decoding: shown, as: UTF8.self)
    }

    /// The validity bits, of an array that has any; nil where no value is null.
    func validity() throws(ArrowFault) -> UnsafeRawPointer? {
        let nulls = array.pointee.null_count
        if nulls == 0 { return nil }
        if array.pointee.n_buffers > 0, let bits = array.pointee.buffers[0] { return UnsafeRawPointer(bits) }
        guard nulls < 0 else { throw ArrowFault("\(nulls) nulls, but no validity bitmap") }
        return nil
    }

    func expectBuffers(_ number: Int64) throws(ArrowFault) {
        guard array.pointee.n_buffers == number else {
            throw ArrowFault("Arrow format '\(formatText)' has \(number) buffers, not \(array.pointee.n_buffers)")
        }
    }

    /// A buffer that must be there if there are rows. Where there are none, what stands for it is not read.
    func buffer(_ index: Int) throws(ArrowFault) -> UnsafeRawPointer {
        if index < array.pointee.n_buffers, let buffer = array.pointee.buffers[index] {
            return UnsafeRawPointer(buffer)
        }
        guard count == 0 else { throw ArrowFault("Arrow buffer \(index) is a null pointer") }
        return UnsafeRawPointer(schema)
    }

    var unsupported: ArrowFault {
        ArrowFault(
            "Arrow format '\(formatText)' is not supported; \(ArrowReader.supported). Cast the column to one of "
                + "these, or leave it out")
    }

    @inline(__always)
    static func bit(_ bits: UnsafeRawPointer, _ at: Int) -> Bool {
        bits.load(fromByteOffset: at &>> 3, as: UInt8.self) & (1 &<< UInt8(truncatingIfNeeded: at & 7)) != 0
    }
}
