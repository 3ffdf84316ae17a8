import CTRFeatures
import CTRKernels

extension CTRModel {
    /// The library's version. The Python package has the same (`__version__`), and refuses a library of another.
    public static let version = "0.1.0"

    /// The library's version, the compiler's and the instruction set that its loops use.
    public static var buildInfo: String {
        "CTRModels \(version), Swift \(compiler), \(VectorLoops.instructionSet) loops"
    }

    private static var compiler: String {
        #if compiler(>=6.4)
            "6.4 or newer"
        #else
            "6.3"
        #endif
    }

    /// The model file as bytes.
    public func serialize() throws(CTRError) -> [UInt8] {
        let file = try fileBytes()
        try Memory.require(file.count, for: "a model file of \(file.count) bytes")
        return file.array
    }

    /// The same where the model has them.
    package func fileBytes() throws(CTRError) -> FileBytes { try ModelFile.encode(trained()) }

    /// Writes the model file: beside what is at the path, synced, then put in its place. A failed save leaves the old
    /// file.
    public func save(to path: String) throws(CTRError) { try save(to: FilePath(path)) }

    package func save(to path: FilePath) throws(CTRError) { try fileBytes().write(to: path) }

    /// A model from the bytes of a model file.
    public convenience init(bytes: [UInt8]) throws(CTRError) { self.init(fitted: try ModelFile.decode(bytes)) }

    /// The same from bytes that the caller keeps.
    package convenience init(borrowed bytes: UnsafeRawBufferPointer) throws(CTRError) {
        self.init(fitted: try ModelFile.decode(BorrowedBytes(bytes)))
    }

    /// A model from a file.
    public convenience init(path: String) throws(CTRError) { try self.init(path: FilePath(path)) }

    package convenience init(path: FilePath) throws(CTRError) {
        do throws(CTRError) {
            self.init(fitted: try ModelFile.decode(InputFile(path)))
        } catch {
            var error = error
            // What is wrong with a path says which.
            if error.code != .io { error.message = "'\(path)': \(error.message)" }
            throw error
        }
    }
}
