import CTRKernels
import CTRTestSupport

/// A column of each kind, of few distinct values; some are missing.
struct ColumnMaker {
    typealias Node = ArrowFixture.Node

    let fixture = ArrowFixture()
    var stream: RandomStream

    mutating func draw(_ bound: Int) -> Int { stream.nextIndex(below: bound) }

    private mutating func valid(_ count: Int) -> UnsafeRawPointer? {
        draw(3) == 0 ? nil : fixture.bits((0..<count).map { _ in draw(5) > 0 })
    }

    private mutating func values<T: BitwiseCopyable>(
        _ format: String, _ count: Int, _ skip: Int, _ value: (Int) -> T
    ) -> Node {
        let numbers = (0..<count + skip).map { _ in value(draw(9)) }
        return fixture.node(
            format, length: count, offset: skip, buffers: [valid(count + skip), fixture.buffer(numbers)])
    }

    private mutating func texts(_ count: Int) -> [String] {
        let known = ["", "a", "点击", "0", "-7", "true", "a text of more than twelve bytes", "1.5", "é"]
        return (0..<count).map { _ in known[draw(known.count)] }
    }

    private mutating func text(_ count: Int, _ skip: Int, large: Bool) -> Node {
        var bytes: [UInt8] = []
        let ends =
            [0]
            + texts(count + skip).map { text -> Int in
                bytes += Array(text.utf8)
                return bytes.count
            }
        let offsets = large ? fixture.buffer(ends.map { Int64($0) }) : fixture.buffer(ends.map { Int32($0) })
        return fixture.node(
            large ? "U" : "u", length: count, offset: skip,
            buffers: [valid(count + skip), offsets, fixture.buffer(bytes)])
    }

    private mutating func views(_ count: Int, _ skip: Int) -> Node {
        var (views, long): ([UInt8], [UInt8]) = ([], [])
        for text in texts(count + skip) {
            let bytes = Array(text.utf8)
            func words(_ values: Int...) -> [UInt8] {
                values.flatMap { value in (0..<4).map { UInt8(value >> ($0 * 8) & 0xFF) } }
            }
            if bytes.count <= 12 {
                views += words(bytes.count) + bytes + [UInt8](repeating: 0, count: 12 - bytes.count)
            } else {
                views += words(bytes.count) + bytes.prefix(4) + words(0, long.count)
                long += bytes
            }
        }
        return fixture.node(
            "vu", length: count, offset: skip,
            buffers: [
                valid(count + skip), fixture.buffer(views), fixture.buffer(long),
                fixture.buffer([Int64(long.count)]),
            ])
    }

    static let plainKinds = 18

    mutating func plain(_ kind: Int, _ count: Int, _ skip: Int) -> Node {
        switch kind {
        case 0: values("c", count, skip) { Int8($0 - 4) }
        case 1: values("C", count, skip) { UInt8($0 * 31) }
        case 2: values("s", count, skip) { Int16($0 * 1000 - 4000) }
        case 3: values("S", count, skip) { UInt16($0 * 7000) }
        case 4: values("i", count, skip) { Int32($0 - 4) * 100_000_000 }
        case 5: values("I", count, skip) { UInt32($0) * 400_000_000 }
        case 6: values("l", count, skip) { Int64($0 - 4) }
        case 7: values("L", count, skip) { UInt64($0) }
        case 8: values("l", count, skip) { [0, 1, .min, .max, 1 << 53, -(1 << 53) - 1][$0 % 6] as Int64 }
        case 9: values("L", count, skip) { [0, 1, .max, 1 << 63, 1 << 53][$0 % 5] as UInt64 }
        case 10: values("e", count, skip) { [0x3C00, 0xC000, 0x0001, 0x7E00, 0x8000, 0][$0 % 6] as UInt16 }
        case 11: values("f", count, skip) { [0, -0.0, 1, 0.1, -3, .nan, 1e30][$0 % 7] as Float }
        case 12:
            values("g", count, skip) { [0, -0.0, 1, 0.1, -3, .nan, 9_007_199_254_740_992, 1e16][$0 % 8] as Double }
        case 13:
            fixture.node(
                "b", length: count, offset: skip,
                buffers: [valid(count + skip), fixture.bits((0..<count + skip).map { _ in draw(2) > 0 })])
        case 14: text(count, skip, large: false)
        case 15: text(count, skip, large: true)
        case 16: views(count, skip)
        default: fixture.node("n", length: count, offset: skip, nulls: count, buffers: [])
        }
    }

    /// A plain column, one with a dictionary, or one of lists.
    mutating func column(_ kind: Int, _ shape: Int, _ count: Int) -> Node {
        let skip = draw(4)
        switch shape {
        case 0: return plain(kind, count, skip)
        case 1: return coded(kind, count, skip)
        default:
            var ends = [0]
            for _ in 0..<count + skip { ends.append(ends[ends.count - 1] + draw(4)) }
            let values = draw(2) == 0 ? plain(kind, ends[count + skip], 0) : coded(kind, ends[count + skip], 1)
            let isLarge = draw(2) == 0
            let offsets = isLarge ? fixture.buffer(ends.map { Int64($0) }) : fixture.buffer(ends.map { Int32($0) })
            return fixture.node(
                isLarge ? "+L" : "+l", length: count, offset: skip, buffers: [valid(count + skip), offsets],
                children: [values])
        }
    }

    private mutating func coded(_ kind: Int, _ count: Int, _ skip: Int) -> Node {
        let entries = plain(kind, 7, draw(3))
        let indices = (0..<count + skip).map { _ in draw(7) }
        let (format, buffer) =
            draw(2) == 0
            ? ("c", fixture.buffer(indices.map { Int8($0) })) : ("L", fixture.buffer(indices.map { UInt64($0) }))
        return fixture.node(
            format, length: count, offset: skip, buffers: [valid(count + skip), buffer], dictionary: entries)
    }
}
