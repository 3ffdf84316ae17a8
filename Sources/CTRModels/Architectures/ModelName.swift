import CTRFeatures

/// The value of the option `model`. Each architecture's file adds its own.
public struct ModelName: RawRepresentable, Sendable, Hashable {
    public let rawValue: String

    public init(rawValue: String) { self.rawValue = rawValue }
}
