import CTRKernels

@testable import CTRModels

/// A model file taken apart, to be altered in one place or in several that fit each other, and sealed again with the right
/// checksum.
struct FileVariant {
    typealias Edit = (name: String, body: (inout FileVariant) -> Void)

    var file: TensorFile
    var description: JSON

    init(_ bytes: [UInt8]) throws {
        file = try TensorFile(decoding: bytes)
        description = try JSON(parsing: file.metadata(ModelFile.key) ?? "")
    }

    func sealed() throws(CTRError) -> [UInt8] {
        var file = file
        file.metadata = [(ModelFile.key, description.text)]
        return try file.encode()
    }

    func shape(_ name: String) -> [Int] { (try? file.tensor(name).shape) ?? [] }

    /// Another shape; the tensor's bytes come again from the start where there are too few.
    mutating func reshape(_ name: String, _ shape: [Int]) {
        guard let old = try? file.tensor(name), shape.allSatisfy({ $0 >= 0 }) else { return }
        let count = shape.reduce(old.dtype.size, *)
        let bytes = (0..<count).map { old.bytes.isEmpty ? 0 : old.bytes[$0 % old.bytes.count] }
        replace(name, Tensor(dtype: old.dtype, shape: shape, bytes: bytes))
    }

    mutating func replace(_ name: String, _ tensor: Tensor) {
        file.tensors = file.tensors.map { ($0.name, $0.name == name ? tensor : $0.tensor) }
    }

    /// A block of weights and its optimiser's state.
    mutating func reshapeBlock(_ name: String, _ shape: [Int]) {
        for name in [name, "optimizer.\(name).1", "optimizer.\(name).2"] { reshape(name, shape) }
    }

    mutating func set(_ path: [JSONStep], _ value: JSON?) { description = description.with(path, value) }
}

enum JSONStep: CustomStringConvertible {
    case key(String)
    case index(Int)

    var description: String {
        switch self {
        case .key(let key): key
        case .index(let index): String(index)
        }
    }
}

extension JSON {
    /// This with another value at that path; without it for nil.
    func with(_ path: [JSONStep], _ value: JSON?) -> JSON {
        guard let step = path.first else { return value ?? .null }
        let rest = Array(path.dropFirst())
        switch (self, step) {
        case (.object(var members), .key(let key)):
            guard let at = members.firstIndex(where: { $0.key == key }) else { return self }
            if rest.isEmpty, value == nil {
                members.remove(at: at)
            } else {
                members[at].value = members[at].value.with(rest, value)
            }
            return .object(members)
        case (.array(var values), .index(let at)):
            guard values.indices.contains(at) else { return self }
            if rest.isEmpty, value == nil { values.remove(at: at) } else { values[at] = values[at].with(rest, value) }
            return .array(values)
        default: return self
        }
    }

    /// Every place in it, the whole left out.
    var paths: [[JSONStep]] {
        switch self {
        case .object(let members):
            members.flatMap { key, value in [[.key(key)]] + value.paths.map { [.key(key)] + $0 } }
        case .array(let values):
            values.enumerated().flatMap { at, value in [[.index(at)]] + value.paths.map { [.index(at)] + $0 } }
        default: []
        }
    }
}

extension FileVariant {
    private static let values: [(String, JSON?)] = [
        ("gone", nil), ("null", .null), ("true", .bool(true)), ("text", .string("x")), ("-1", .number(-1)),
        ("0", .number(0)), ("1", .number(1)), ("2", .number(2)), ("3", .number(3)), ("0.5", .number(0.5)),
        ("4096", .number(4096)), ("2^53", .number(0x1p53)), ("2^63", .number(0x1p63 - 1024)),
        ("1e308", .number(1e308)), ("[]", .array([])), ("{}", .object([])),
    ]

    /// One field of the description at a time.
    var fieldEdits: [Edit] {
        description.paths.flatMap { path in
            Self.values.map { text, value in
                ("\(path) = \(text)", { $0.set(path, value) })
            }
        }
    }

    /// One tensor at a time: gone, named otherwise, of another type, of another shape, with other numbers in it.
    var tensorEdits: [Edit] {
        var edits: [Edit] = []
        for (name, tensor) in file.tensors {
            edits.append(("\(name) gone", { $0.file.tensors.removeAll { $0.name == name } }))
            edits.append(
                (
                    "\(name) renamed",
                    { variant in
                        variant.file.tensors = variant.file.tensors.map {
                            ($0.name == name ? name + "x" : $0.name, $0.tensor)
                        }
                    }
                ))
            edits.append(("\(name) twice", { $0.file.tensors.append((name + "y", tensor)) }))
            for dtype in Tensor.DType.allCases where dtype != tensor.dtype && tensor.bytes.count % dtype.size == 0 {
                let changed = Tensor(dtype: dtype, shape: [tensor.bytes.count / dtype.size], bytes: tensor.bytes)
                edits.append(("\(name) of \(dtype)", { $0.replace(name, changed) }))
            }
            for shape in Self.shapes(near: tensor.shape) {
                edits.append(("\(name) of \(shape)", { $0.reshape(name, shape) }))
            }
            for value in Self.numbers(tensor.dtype) {
                for place in Set([0, tensor.count / 2, tensor.count - 1]) where place >= 0 && place < tensor.count {
                    var bytes = tensor.bytes
                    bytes.replaceSubrange(place * tensor.dtype.size..<(place + 1) * tensor.dtype.size, with: value)
                    let changed = Tensor(dtype: tensor.dtype, shape: tensor.shape, bytes: bytes)
                    edits.append(("\(name)[\(place)] = \(value)", { $0.replace(name, changed) }))
                }
            }
        }
        return edits
    }

    /// Shapes that change together, so that they fit each other but not the rest.
    var matchingEdits: [Edit] {
        var edits: [Edit] = []
        for (name, tensor) in file.tensors where !name.hasPrefix("optimizer.") && tensor.dtype == .f32 {
            for shape in Self.shapes(near: tensor.shape) {
                edits.append(("\(name) and its state of \(shape)", { $0.reshapeBlock(name, shape) }))
            }
        }
        for (prefixes, of) in [(["members.1."], "second"), ([""], "first"), (["", "members.1."], "both")] {
            for (feature, width) in [
                ("c", 1), ("c", 3), ("c", 8), ("c", 4096), ("l", 5), ("h", 5000), ("m", 8), ("m", 1),
            ] {
                edits.append(
                    (
                        "\(of): embedding of \(feature) \(width) wide",
                        { variant in
                            for prefix in prefixes {
                                let (table, layer) = (
                                    "\(prefix)deep.\(feature).embedding", "\(prefix)deep.layers.0.weight"
                                )
                                let (old, inputs) = (variant.shape(table), variant.shape(layer))
                                guard old.count == 2, inputs.count == 2 else { continue }
                                variant.reshapeBlock(table, width == 1 ? [old[0]] : [old[0], width])
                                variant.reshapeBlock(layer, [inputs[0] + width - old[1], inputs[1]])
                            }
                        }
                    ))
            }
            for (layer, outputs) in [(0, 8), (0, 10), (0, 3000), (1, 1), (1, 4), (1, 900)] {
                edits.append(
                    (
                        "\(of): layer \(layer) with \(outputs) outputs",
                        { variant in
                            for prefix in prefixes {
                                let name = { (layer: Int, part: String) in "\(prefix)deep.layers.\(layer).\(part)" }
                                let (shape, above) = (
                                    variant.shape(name(layer, "weight")), variant.shape(name(layer + 1, "weight"))
                                )
                                guard shape.count == 2, !above.isEmpty else { continue }
                                variant.reshapeBlock(
                                    name(layer, "weight"), outputs == 1 ? [shape[0]] : [shape[0], outputs])
                                variant.reshapeBlock(name(layer, "bias"), [outputs])
                                variant.reshapeBlock(
                                    name(layer + 1, "weight"), above.count == 2 ? [outputs, above[1]] : [outputs])
                            }
                        }
                    ))
            }
        }
        for (feature, part) in [("m", "edges"), ("m", "modes"), ("x", "edges"), ("x", "modes")] {
            for count in [0, 1, 2, 9, 10, 11, 300] {
                let values = (0..<count).map { Double($0) / 8 }
                edits.append(
                    (
                        "bins of \(feature): \(count) \(part) and weights to match",
                        { variant in
                            let name = "bins.\(feature).\(part)"
                            guard let now = variant.shape(name).first else { return }
                            let more = count - now
                            variant.replace(name, Tensor(values))
                            for prefix in ["", "members.1."] {
                                for block in ["\(prefix)wide.\(feature).weight", "\(prefix)deep.\(feature).embedding"] {
                                    var shape = variant.shape(block)
                                    if shape.isEmpty { continue }
                                    shape[0] += more
                                    variant.reshapeBlock(block, shape)
                                }
                                let layer = "\(prefix)deep.layers.0.weight"
                                let inputs = variant.shape(layer)
                                guard inputs.count == 2 else { continue }
                                variant.reshapeBlock(layer, [inputs[0] + more, inputs[1]])
                            }
                        }
                    ))
            }
        }
        for (count, name) in [(1, "one"), (3, "three"), (64, "many")] {
            edits.append(("members: \(name)", { $0.set([.key("options"), .key("members")], .number(Double(count))) }))
        }
        return edits
    }

    private static func shapes(near shape: [Int]) -> [[Int]] {
        var shapes = [shape + [1], [1] + shape, [], shape.reversed(), [shape.reduce(1, *)]]
        for at in shape.indices {
            for size in [0, 1, shape[at] - 1, shape[at] + 1, 2 * shape[at], shape[at] + 4096 / max(1, shape.count)] {
                var changed = shape
                changed[at] = size
                shapes.append(changed)
            }
        }
        return shapes.filter { $0 != shape }
    }

    private static func numbers(_ dtype: Tensor.DType) -> [[UInt8]] {
        switch dtype {
        case .f32: [.nan, .infinity, -1, 3e38, -3e38, 1e-45].map { Tensor([$0 as Float]).bytes }
        case .f64: [.nan, -.infinity, -1, 1e308, 0.5].map { Tensor([$0 as Double]).bytes }
        case .i32: [-1, 0, 1, 2, 1000, .max, .min].map { Tensor([$0 as Int32]).bytes }
        case .i64: [-1, 0, 1, 1 << 20, 1 << 53 - 1, 1 << 53, .max, .min].map { Tensor([$0 as Int]).bytes }
        case .u8: [[0], [0xFF], [0x76]]
        }
    }
}
