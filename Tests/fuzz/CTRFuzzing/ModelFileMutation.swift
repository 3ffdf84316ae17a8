import CTRFeatures
import CTRKernels
import CTRModels

/// Changes a model file where its structure is known: fields of the description, shapes that fit each other, numbers of a
/// tensor. The checksum is put right, so that what is behind it is reached.
struct ModelFileMutation {
    private var random: RandomStream
    private var file: TensorFile
    private let plainly: ([UInt8], Int) -> [UInt8]

    /// Nil for bytes that are no such file, and now and then for one: containers are wrong too.
    static func apply(
        to bytes: [UInt8], atMost limit: Int, seed: UInt64, plainly: @escaping ([UInt8], Int) -> [UInt8]
    ) -> [UInt8]? {
        guard seed % 16 != 0, let file = try? TensorFile(decoding: bytes) else { return nil }
        var mutation = ModelFileMutation(random: RandomStream(seed: seed), file: file, plainly: plainly)
        for _ in 0...mutation.draw(3) { mutation.step(limit) }
        guard let made = try? mutation.file.encode(), made.count <= limit else { return nil }
        return made
    }

    private mutating func draw(_ bound: Int) -> Int { bound > 0 ? random.nextIndex(below: bound) : 0 }

    private mutating func step(_ limit: Int) {
        switch draw(8) {
        case 0, 1, 2: changeField()
        case 3: changeText(limit)
        case 4: changeShapes()
        case 5: changeNumbers()
        case 6: changeBytes(limit)
        default: changeTensors()
        }
    }

    // MARK: The description

    private mutating func changeField() {
        guard !file.metadata.isEmpty, let json = try? JSON(parsing: file.metadata[0].1) else { return }
        file.metadata[0].1 = changed(json).text
    }

    /// One value in it, drawn on the way down.
    private mutating func changed(_ json: JSON) -> JSON {
        switch json {
        case .object(var members) where !members.isEmpty && draw(6) > 0:
            let at = draw(members.count)
            members[at].value = changed(members[at].value)
            if draw(12) == 0 { members.remove(at: at) }
            return .object(members)
        case .array(var values) where !values.isEmpty && draw(6) > 0:
            let at = draw(values.count)
            switch draw(5) {
            case 0: values.remove(at: at)
            case 1: values.insert(values[at], at: draw(values.count))
            case 2: values.swapAt(at, draw(values.count))
            default: values[at] = changed(values[at])
            }
            return .array(values)
        case .number(let value):
            let values = [value + 1, value - 1, -value, value * 2, 0, 1, 0.5, 64, 1024, 0x1p53, 0x1p63 - 1024, 1e308]
            return .number(values[draw(values.count)])
        case .bool(let value): return .bool(!value)
        case .string(let text) where draw(2) == 0:
            let words = [
                "wide", "deep", "both", "auto", "numeric", "categorical", "multi", "adam", "ftrl", "adagrad", "",
            ]
            return .string(draw(2) == 0 ? words[draw(words.count)] : text + "x")
        default:
            let values: [JSON] = [.null, .bool(true), .number(Double(draw(9))), .string("c"), .array([]), .object([])]
            return values[draw(values.count)]
        }
    }

    private mutating func changeText(_ limit: Int) {
        guard !file.metadata.isEmpty else { return }
        file.metadata[0].1 = String(decoding: plainly(Array(file.metadata[0].1.utf8), limit), as: UTF8.self)
    }

    // MARK: Tensors

    /// One tensor, or all of one purpose, get another size in one dimension: a block with its optimiser's state, in one
    /// member or in all; or every dimension of one size becomes another.
    private mutating func changeShapes() {
        guard !file.tensors.isEmpty else { return }
        let name = file.tensors[draw(file.tensors.count)].name
        let stem = Self.stem(name)
        let shape = (try? file.tensor(name).shape) ?? []
        guard !shape.isEmpty else { return }
        let dimension = draw(shape.count)
        let old = shape[dimension]
        let sizes = [0, 1, old + 1, max(0, old - 1), old * 2, old + 4, 4096, draw(40)]
        let new = sizes[draw(sizes.count)]
        let scope = draw(4)
        for (at, entry) in file.tensors.enumerated() {
            let isMeant =
                switch scope {
                case 0: entry.name.isExactly(name)
                case 1:
                    Self.stem(entry.name).isExactly(stem)
                        && entry.name.contains("members.") == name.contains("members.")
                case 2: Self.stem(entry.name).isExactly(stem)
                default: true
                }
            guard isMeant else { continue }
            var changed = entry.tensor.shape
            for index in changed.indices where scope == 3 ? changed[index] == old : index == dimension {
                changed[index] = new
            }
            if let tensor = Self.reshaped(entry.tensor, changed) { file.tensors[at].tensor = tensor }
        }
    }

    /// A name without its member and its optimiser's state.
    private static func stem(_ name: String) -> String {
        var parts = name.split(separator: ".", omittingEmptySubsequences: false)
        if parts.first == "optimizer" { parts = Array(parts.dropFirst().dropLast()) }
        if parts.first == "members" { parts = Array(parts.dropFirst(2)) }
        return parts.joined(separator: ".")
    }

    private static func reshaped(_ tensor: Tensor, _ shape: [Int]) -> Tensor? {
        let count = shape.reduce(tensor.dtype.size) { $0.multipliedReportingOverflow(by: $1).partialValue }
        guard count >= 0, count <= 1 << 16 else { return nil }
        let bytes = (0..<count).map { tensor.bytes.isEmpty ? 0 : tensor.bytes[$0 % tensor.bytes.count] }
        return Tensor(dtype: tensor.dtype, shape: shape, bytes: bytes)
    }

    private mutating func changeNumbers() {
        guard !file.tensors.isEmpty else { return }
        let at = draw(file.tensors.count)
        let tensor = file.tensors[at].tensor
        guard tensor.count > 0 else { return }
        var bytes = tensor.bytes
        let offset = draw(tensor.count) * tensor.dtype.size
        let number = [0, 1, 2, -1, Int.max, Int.min, 1 << 53, 1 << 53 - 1, 1 << 31, draw(100)][draw(10)]
        let float = [Float.nan, .infinity, -1, 3e38, -3e38, 1e20, 0, 1e-45][draw(8)]
        let value =
            switch tensor.dtype {
            case .f32: Tensor([float]).bytes
            case .f64: Tensor([Double(float)]).bytes
            case .i32: Tensor([Int32(truncatingIfNeeded: number)]).bytes
            case .i64: Tensor([number]).bytes
            case .u8: [UInt8(truncatingIfNeeded: number)]
            }
        bytes.replaceSubrange(offset..<(offset + value.count), with: value)
        file.tensors[at].tensor = Tensor(dtype: tensor.dtype, shape: tensor.shape, bytes: bytes)
    }

    private mutating func changeBytes(_ limit: Int) {
        guard !file.tensors.isEmpty else { return }
        let at = draw(file.tensors.count)
        let tensor = file.tensors[at].tensor
        var bytes = Array(plainly(tensor.bytes, max(tensor.bytes.count, 1)).prefix(tensor.bytes.count))
        bytes += tensor.bytes.dropFirst(bytes.count)
        file.tensors[at].tensor = Tensor(dtype: tensor.dtype, shape: tensor.shape, bytes: bytes)
    }

    private mutating func changeTensors() {
        guard file.tensors.count > 1 else { return }
        let (at, other) = (draw(file.tensors.count), draw(file.tensors.count))
        switch draw(4) {
        case 0: file.tensors.remove(at: at)
        case 1: file.tensors[at].tensor = file.tensors[other].tensor
        case 2: file.tensors.append((file.tensors[at].name + ["", "x", ".1"][draw(3)], file.tensors[other].tensor))
        default:
            let tensor = file.tensors[at].tensor
            let dtype = Tensor.DType.allCases[draw(5)]
            guard tensor.bytes.count % dtype.size == 0 else { return }
            file.tensors[at].tensor = Tensor(
                dtype: dtype, shape: [tensor.bytes.count / dtype.size], bytes: tensor.bytes)
        }
    }
}
