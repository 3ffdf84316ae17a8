/// The one error type of the library. Its code crosses the C ABI as the status, its message as the text.
///
/// The code tells the kind of fault; the message names the wrong value and says what would be right.
///
/// ```swift
/// do {
///     _ = try CTRModel(path: "no.model")
/// } catch {
///     print(error.code == .io ? "try another path: \(error.message)" : error.message)
/// }
/// ```
public struct CTRError: Error, Equatable, CustomStringConvertible, Sendable {
    /// The status codes of `ctr_models.h`, by the same numbers.
    ///
    /// ```swift
    /// do {
    ///     _ = try CTRModel().predict(page)
    /// } catch {
    ///     print(error.code, error.code.rawValue)  // notTrained 3
    /// }
    /// ```
    public enum Code: Int32, Sendable {
        /// A wrong option or call.
        case invalidArgument = 1
        /// A table that cannot be used: a column missing, of the wrong type, or with a value out of range.
        case invalidData = 2
        /// A call that needs a trained model.
        case notTrained = 3
        /// A path that cannot be read or written.
        case io = 4
        /// Bytes that are no model of ours, or not all of one.
        case badModelFile = 5
        /// The caller asked to stop.
        case cancelled = 6
        /// A defect of the library.
        case internalError = 7
        /// This call finds no memory now.
        case outOfMemory = 8
    }

    /// The kind of fault.
    public var code: Code
    /// What is wrong, with the value, and what would be right.
    public var message: String
    /// The system's `errno` where it was a file that could not be read or written; else 0.
    public var systemError: Int32

    /// An error of that kind.
    public init(_ code: Code, _ message: String, systemError: Int32 = 0) {
        self.code = code
        self.message = message
        self.systemError = systemError
    }

    /// The message.
    public var description: String { message }

    /// A wrong option or call.
    public static func invalidArgument(_ message: String) -> CTRError { CTRError(.invalidArgument, message) }
    /// A table that cannot be used: a column missing, of the wrong type, or with a value out of range.
    public static func invalidData(_ message: String) -> CTRError { CTRError(.invalidData, message) }
    /// A call that needs a trained model.
    public static func notTrained(_ message: String) -> CTRError { CTRError(.notTrained, message) }
    /// A path that cannot be read or written.
    public static func io(_ message: String, systemError: Int32 = 0) -> CTRError {
        CTRError(.io, message, systemError: systemError)
    }
    /// Bytes that are no model of ours, or not all of one.
    public static func badModelFile(_ message: String) -> CTRError { CTRError(.badModelFile, message) }
    /// The caller asked to stop.
    public static func cancelled(_ message: String) -> CTRError { CTRError(.cancelled, message) }
    /// This call finds no memory now.
    public static func outOfMemory(_ message: String) -> CTRError { CTRError(.outOfMemory, message) }
    /// A defect of the library.
    public static func internalError(_ message: String) -> CTRError { CTRError(.internalError, message) }
}
