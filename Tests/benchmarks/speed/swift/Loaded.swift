import CTRModels
import CTRNetwork

/// A model from its file, and the arrays' rows as its encoder makes them.
struct Loaded {
    let fitted: FittedModel
    let rows: TrainingRows

    init(model: String, arrays: String) throws(CTRError) {
        let fitted = try CTRModel(path: model).trained()
        let table = try Self.table(fitted, numbers: arrays + "/numbers.f32", ids: arrays + "/ids.i32")
        self.fitted = fitted
        rows = TrainingRows(try fitted.encoder.encode(table))
    }

    /// Columns as `peers/ours_tool.py` names them: the numbers n0, n1, …, then the ids c0, c1, …
    private static func table(_ fitted: FittedModel, numbers: String, ids: String) throws(CTRError) -> Table {
        let specs = fitted.encoder.features.map(\.spec)
        let numeric = specs.filter { $0.kind == .numeric }.count
        let columns =
            try columns(read(numbers, of: Float.self).map(Double.init), width: numeric, prefix: "n")
            + columns(read(ids, of: Int32.self).map(Double.init), width: specs.count - numeric, prefix: "c")
        return try Table(columns)
    }

    private static func columns(
        _ values: [Double], width: Int, prefix: String
    ) throws(CTRError) -> [(String, Column)] {
        guard width > 0, values.count % width == 0 else {
            throw .invalidData("\(values.count) values are no rows of \(width) columns '\(prefix)…'")
        }
        return (0..<width).map { index in
            (prefix + String(index), .numeric(stride(from: index, to: values.count, by: width).map { values[$0] }))
        }
    }

    private static func read<Number: BitwiseCopyable>(
        _ path: String, of type: Number.Type
    ) throws(CTRError) -> [Number] {
        let bytes = try FileIO.read(path)
        return bytes.withUnsafeBytes { raw in
            (0..<(raw.count / MemoryLayout<Number>.stride)).map { index in
                raw.loadUnaligned(fromByteOffset: index * MemoryLayout<Number>.stride, as: type)
            }
        }
    }
}
