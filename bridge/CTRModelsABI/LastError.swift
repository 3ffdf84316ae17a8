import CTRModels
import CVectorLoops
import Glibc

/// The message of each thread's last failed call, freed with its thread, and the system's error of it.
enum LastError {
    static func set(_ error: CTRError) { vl_set_last_error(error.message, error.systemError) }

    static var systemError: Int32 { vl_last_system_error() }

    static var message: UnsafePointer<CChar> { vl_last_error() }
}

/// Runs a call's body; an error becomes the status and the thread's message. `isSmall` of a call that is made for each
/// prediction: the others ask first for the memory of what they make beside that which grows with the input.
func status(isSmall: Bool = false, _ body: () throws(CTRError) -> Void) -> Int32 {
    do throws(CTRError) {
        if !isSmall { try CTRModel.requireMemory() }
        try body()
        return 0
    } catch {
        LastError.set(error)
        return error.code.rawValue
    }
}

/// The pointer, or the error that names the argument.
func required<Pointer>(_ pointer: Pointer?, _ name: @autoclosure () -> String) throws(CTRError) -> Pointer {
    guard let pointer else { throw .invalidArgument("invalid pointer argument: \(name()) is NULL") }
    return pointer
}

/// A string that ends at its NUL.
func string(_ text: UnsafePointer<CChar>?, _ name: String) throws(CTRError) -> String {
    let text = try required(text, name)
    let length = strlen(text)
    try CTRModel.requireMemory(ofText: length, name)
    guard let string = String(validatingCString: text) else {
        throw .invalidArgument("\(name) is not valid UTF-8")
    }
    return string
}

/// Whether a capacity, a size_t that Swift takes for signed, is at least that many bytes.
func holds(_ capacity: Int, _ count: Int) -> Bool { UInt(bitPattern: capacity) >= UInt(bitPattern: count) }
