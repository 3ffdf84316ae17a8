/// A model that there is, for who chooses one.
///
/// ```swift
/// for description in ModelDescription.all { print("\(description.name.rawValue): \(description.title)") }
/// ```
public struct ModelDescription: Sendable, Equatable {
    /// An option that a model reads.
    ///
    /// ```swift
    /// let deepFM = ModelDescription.all.first { $0.name == .deepFM }!
    /// for option in deepFM.options { print("\(option.name) = \(option.usual), \(option.range): \(option.about)") }
    /// ```
    public struct Option: Sendable, Equatable {
        /// As JSON spells it.
        public let name: String
        /// Its default, as JSON.
        public let usual: String
        /// What it may be.
        public let range: String
        /// What it does.
        public let about: String
    }

    /// The value of ``ModelOptions/model``.
    public let name: ModelName
    /// Its name for people.
    public let title: String
    /// Those that it reads.
    public let options: [Option]

    /// Of all models, in the order of the lectures.
    public static let all: [ModelDescription] = Architectures.all.map { architecture in
        let usual = ModelOptions()
        let options = ModelOptions.entries.filter { $0.isRead(architecture.traits) }.map {
            Option(name: $0.key, usual: $0.read(usual).text, range: $0.range, about: $0.about)
        }
        return ModelDescription(name: architecture.name, title: architecture.title, options: options)
    }

    /// All of them as JSON.
    package static let listing: String = JSON.array(
        Architectures.all.map { architecture in
            let usual = ModelOptions()
            let options = ModelOptions.entries.filter { $0.isRead(architecture.traits) }.map {
                entry -> JSON in
                .object(
                    [
                        ("name", .string(entry.key)), ("default", entry.read(usual)), ("range", .string(entry.range)),
                        ("about", .string(entry.about)),
                    ] + entry.values)
            }
            return [
                "model": .string(architecture.name.rawValue), "title": .string(architecture.title),
                "options": .array(options),
            ]
        }
    ).text
}
