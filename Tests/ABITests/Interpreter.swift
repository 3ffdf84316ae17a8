import CPython
import Foundation

/// The CPython that this process carries: started once, never ended (NumPy does not survive a second start).
final class Interpreter: Sendable {
    struct Failure: Error, CustomStringConvertible {
        var description: String
    }

    /// The checkout this file lies in.
    static let checkout = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

    /// Started with the checkout and the packages of its .venv on the path.
    static let shared = Result { () throws(Failure) in try Interpreter() }

    private init() throws(Failure) {
        Py_InitializeEx(0)
        let name = "python\(PY_MAJOR_VERSION).\(PY_MINOR_VERSION)"
        let packages = Self.checkout + "/.venv/lib/\(name)/site-packages"
        defer { PyEval_SaveThread() }  // lets go of the interpreter: each `run` takes hold of it again
        guard FileManager.default.fileExists(atPath: packages) else {
            throw Failure(description: "\(packages) is not there: make setup, with PYTHON a \(name)")
        }
        try Session().run("import sys; sys.path[:0] = ['\(Self.checkout)', '\(packages)']")
    }

    /// Runs `body` with the interpreter held; code run in it shares one namespace.
    func session<Answer>(_ body: (Session) throws -> Answer) rethrows -> Answer {
        let state = PyGILState_Ensure()
        defer { PyGILState_Release(state) }
        return try body(Session())
    }

    /// One namespace.
    final class Session {
        private let globals = PyDict_New()

        init() {
            PyDict_SetItemString(globals, "__builtins__", PyEval_GetBuiltins())
        }

        deinit { Py_DecRef(globals) }

        /// Runs statements; a Python exception comes back as a failure with its traceback.
        func run(_ code: String) throws(Failure) {
            Py_DecRef(try evaluate(code, Py_file_input))
        }

        func number(_ expression: String) throws(Failure) -> Double {
            let value = try evaluate(expression, Py_eval_input)
            defer { Py_DecRef(value) }
            let number = PyFloat_AsDouble(value)
            guard PyErr_Occurred() == nil else { throw Self.failure() }
            return number
        }

        func text(_ expression: String) throws(Failure) -> String {
            let value = try evaluate(expression, Py_eval_input)
            defer { Py_DecRef(value) }
            guard let text = PyUnicode_AsUTF8(value) else { throw Self.failure() }
            return String(cString: text)
        }

        /// The values of a contiguous float64 array.
        func numbers(_ expression: String) throws(Failure) -> [Double] {
            let value = try evaluate("memoryview(\(expression)).cast('B').tobytes()", Py_eval_input)
            defer { Py_DecRef(value) }
            let bytes = UnsafeRawBufferPointer(start: PyBytes_AsString(value), count: PyBytes_Size(value))
            return stride(from: 0, to: bytes.count, by: 8).map {
                bytes.loadUnaligned(fromByteOffset: $0, as: Double.self)
            }
        }

        /// Gives the namespace a bytes object of the values.
        func set(_ name: String, to values: [Double]) {
            let bytes = values.withUnsafeBytes { raw in
                PyBytes_FromStringAndSize(raw.baseAddress?.assumingMemoryBound(to: CChar.self), raw.count)
            }
            PyDict_SetItemString(globals, name, bytes)
            Py_DecRef(bytes)
        }

        private func evaluate(_ code: String, _ start: Int32) throws(Failure) -> UnsafeMutablePointer<PyObject> {
            guard let value = PyRun_StringFlags(code, start, globals, globals, nil) else { throw Self.failure() }
            return value
        }

        /// The Python exception under way, with its traceback, and out of the way.
        private static func failure() -> Failure {
            var type: UnsafeMutablePointer<PyObject>?
            var value: UnsafeMutablePointer<PyObject>?
            var trace: UnsafeMutablePointer<PyObject>?
            PyErr_Fetch(&type, &value, &trace)
            PyErr_NormalizeException(&type, &value, &trace)
            defer { for object in [type, value, trace] { Py_DecRef(object) } }
            if let trace { PyException_SetTraceback(value, trace) }
            let session = Session()
            PyDict_SetItemString(session.globals, "e", value)
            try? session.run("import traceback as t; trace = ''.join(t.format_exception(type(e), e, e.__traceback__))")
            return Failure(description: (try? session.text("trace")) ?? "a Python exception that cannot be shown")
        }
    }
}
