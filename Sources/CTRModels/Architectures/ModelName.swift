import CTRFeatures

/// The name of an architecture: the value of ``ModelOptions/model``. Each architecture's file adds its own.
///
/// ```swift
/// var options = ModelOptions()
/// options.model = .deepFM
/// options.model = ModelName(rawValue: "deepfm")  // the same
/// ```
public struct ModelName: RawRepresentable, Sendable, Hashable {
    /// As Python, C and the model file spell it.
    public let rawValue: String

    /// A name as it is spelt there. One that no model has, ``CTRModel`` refuses.
    public init(rawValue: String) { self.rawValue = rawValue }
}
