import CTRFeatures

/// An option as it crosses the ABI, stands in the model file and is listed: one entry, from which all of these come.
struct OptionEntry: Sendable {
    /// scikit-learn's spelling.
    let key: String
    /// What it may be, after "it must be".
    let range: String
    let about: String
    /// What it may be, for programs: its type, and what is least, greatest or to be chosen.
    var values: [(key: String, value: JSON)] = []
    /// Whether a model reads it.
    var isRead: @Sendable (Traits) -> Bool = { _ in true }
    let read: @Sendable (ModelOptions) -> JSON
    /// Takes over a value of the right type.
    let write: @Sendable (inout ModelOptions, OptionReader) throws(CTRError) -> Void
    /// Whether its value is in its range.
    let holds: @Sendable (ModelOptions) -> Bool

    typealias Path<Value> = WritableKeyPath<ModelOptions, Value> & Sendable

    /// Of these models alone.
    func only(_ isRead: @escaping @Sendable (Traits) -> Bool) -> OptionEntry {
        var entry = self
        entry.isRead = isRead
        return entry
    }

    static func whole(
        _ key: String, _ path: Path<Int>, _ range: ClosedRange<Int>, _ about: String, text: String? = nil
    ) -> OptionEntry {
        OptionEntry(
            key: key, range: text ?? "from \(range.lowerBound) to \(range.upperBound)", about: about,
            values: values("int", range),
            read: { .number(Double($0[keyPath: path])) },
            write: { (options, reader) throws(CTRError) in options[keyPath: path] = try reader.int() },
            holds: { range.contains($0[keyPath: path]) })
    }

    static func values(_ type: JSON, _ range: ClosedRange<Int>) -> [(key: String, value: JSON)] {
        [("type", type), ("least", .number(Double(range.lowerBound))), ("greatest", .number(Double(range.upperBound)))]
    }

    static func number(
        _ key: String, _ path: Path<Double>, _ range: ClosedRange<Double>, _ text: String, _ about: String,
        type: JSON = "number"
    ) -> OptionEntry {
        OptionEntry(
            key: key, range: text, about: about,
            values: [
                ("type", type), ("least", .number(range.lowerBound)), ("greatest", .number(range.upperBound)),
            ],
            read: { .number($0[keyPath: path]) },
            write: { (options, reader) throws(CTRError) in options[keyPath: path] = try reader.double() },
            holds: { range.contains($0[keyPath: path]) })
    }

    static func flag(_ key: String, _ path: Path<Bool>, _ about: String) -> OptionEntry {
        OptionEntry(
            key: key, range: "true or false", about: about, values: [("type", "bool")],
            read: { .bool($0[keyPath: path]) },
            write: { (options, reader) throws(CTRError) in options[keyPath: path] = try reader.bool() },
            holds: { _ in true })
    }

    /// A column's name, or null.
    static func column(_ key: String, _ path: Path<String?>, _ about: String) -> OptionEntry {
        OptionEntry(
            key: key, range: "a column's name, or null", about: about,
            read: { options in options[keyPath: path].map { .string($0) } ?? .null },
            write: { (options, reader) throws(CTRError) in
                options[keyPath: path] = reader.value.isNull ? nil : try reader.string()
            },
            holds: { _ in true })
    }

    static func choice<Choice: RawRepresentable & CaseIterable & Sendable>(
        _ key: String, _ path: Path<Choice>, _ about: String
    ) -> OptionEntry where Choice.RawValue == String {
        let choices = Choice.allCases.map(\.rawValue)
        return OptionEntry(
            key: key, range: OptionReader.oneOf(choices), about: about, values: values(choices),
            read: { .string($0[keyPath: path].rawValue) },
            write: { (options, reader) throws(CTRError) in options[keyPath: path] = try reader.choice(Choice.self) },
            holds: { _ in true })
    }

    static func values(_ choices: [String]) -> [(key: String, value: JSON)] {
        [("type", "choice"), ("choices", .array(choices.map { .string($0) }))]
    }
}
