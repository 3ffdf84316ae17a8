import CTRKernels
import CTRModels

extension OptionsFuzz {
    /// Half the time one option is put to another value, added or taken away; else bytes change.
    static func mutate(
        _ bytes: [UInt8], atMost limit: Int, seed: UInt64, plainly: ([UInt8], Int) -> [UInt8]
    ) -> [UInt8] {
        var stream = RandomStream(seed: seed)
        guard stream.nextIndex(below: 2) == 0, let text = String(validating: bytes, as: UTF8.self),
            var members = (try? JSON(parsing: text))?.objectValue
        else { return plainly(bytes, limit) }
        let keys = (ModelOptions().json.objectValue ?? []).map(\.key) + ["unknown", ""]
        let key = keys[stream.nextIndex(below: keys.count)]
        if stream.nextIndex(below: 4) > 0 { members.removeAll { $0.key == key } }
        if stream.nextIndex(below: 8) > 0 { members.append((key, value(&stream, depth: 0))) }
        let made = Array(JSON.object(members).text.utf8)
        return made.count <= limit ? made : plainly(bytes, limit)
    }

    private static func value(_ stream: inout RandomStream, depth: Int) -> JSON {
        switch stream.nextIndex(below: depth > 2 ? 4 : 7) {
        case 0: return .number(Double(stream.nextIndex(below: 9)))
        case 1: return .number(FuzzInput.numbers[stream.nextIndex(below: FuzzInput.numbers.count)])
        case 2: return .string(words[stream.nextIndex(below: words.count)])
        case 3: return [.null, .bool(true), .bool(false)][stream.nextIndex(below: 3)]
        case 4:
            return .object(
                ["name", "kind", "part", "columns"].filter { _ in stream.nextIndex(below: 4) > 0 }
                    .map { ($0, value(&stream, depth: depth + 1)) })
        default: return .array((0..<stream.nextIndex(below: 4)).map { _ in value(&stream, depth: depth + 1) })
        }
    }

    private static let words = [
        "auto", "balanced", "wide_deep", "wide", "deep", "ftrl", "adagrad", "adam", "c0", "c1", "x0", "label", "both",
        "numeric", "categorical", "multi", "", "c0×c1", "é",
    ]
}
