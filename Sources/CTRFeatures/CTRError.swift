/// The one error type of the library. Its code crosses the C ABI as the status, its message as the text.
public struct CTRError: Error, Equatable, CustomStringConvertible, Sendable {
    /// The status codes of `ctr_models.h`, by the same numbers.
    public enum Code: Int32, Sendable {
        case invalidArgument = 1
        case invalidData = 2
        case notTrained = 3
        case io = 4
        case badModelFile = 5
        case cancelled = 6
        case internalError = 7
        case outOfMemory = 8
    }

    public var code: Code
    public var message: String
    /// The system's `errno` where it was a file that could not be read or written; else 0.
    public var systemError: Int32

    public init(_ code: Code, _ message: String, systemError: Int32 = 0) {
        self.code = code
        self.message = message
        self.systemError = systemError
    }

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
