/// Blocks of just the size that is asked for, freed together.
struct HostileMemory: ~Copyable {
    private var blocks: [UnsafeMutableRawPointer] = []

    deinit { for block in blocks { block.deallocate() } }

    mutating func bytes(_ count: Int, _ byte: (Int) -> UInt8) -> UnsafeRawPointer? {
        let block = UnsafeMutableRawPointer.allocate(byteCount: count, alignment: 16)
        blocks.append(block)
        for at in 0..<count { block.storeBytes(of: byte(at), toByteOffset: at, as: UInt8.self) }
        return UnsafeRawPointer(block)
    }

    mutating func buffer<T: BitwiseCopyable>(_ values: [T]) -> UnsafeRawPointer? { UnsafeRawPointer(list(values)) }

    mutating func object<T: BitwiseCopyable>(_ value: T) -> UnsafeMutablePointer<T> { list([value]) }

    mutating func list<T: BitwiseCopyable>(_ values: [T]) -> UnsafeMutablePointer<T> {
        let list = UnsafeMutablePointer<T>.allocate(capacity: values.count)
        list.initialize(from: values, count: values.count)
        blocks.append(UnsafeMutableRawPointer(list))
        return list
    }

    mutating func text(_ text: String?) -> UnsafePointer<CChar>? {
        text.map { UnsafePointer(list($0.utf8.map { CChar(bitPattern: $0) } + [0])) }
    }

    /// Now and then one that is no UTF-8.
    mutating func name(_ name: String?, _ draw: Draws) -> UnsafePointer<CChar>? {
        draw.oneIn(255) ? UnsafePointer(list([CChar(bitPattern: 0xC0), 0])) : text(name)
    }
}

/// Choices that bytes make, one or two bytes each; the first of them once there are no more.
final class Draws {
    private let bytes: UnsafeRawBufferPointer
    private var at = 0

    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    func byte() -> UInt8 {
        guard at < bytes.count else { return 0 }
        defer { at += 1 }
        return bytes[at]
    }

    /// In `0..<bound`; at most 256.
    func below(_ bound: Int) -> Int { bound <= 1 ? 0 : Int(byte()) % bound }

    /// False once there are no more bytes.
    func oneIn(_ bound: Int) -> Bool { at < bytes.count && below(bound) == bound - 1 }
}
