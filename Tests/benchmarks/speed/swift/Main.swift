import CTRModels
import Glibc

/// What the speed benchmark measures inside the library, without the C ABI: obeys lines on stdin, answers each with a
/// line of JSON. The driver keeps it asleep while it measures other tools.
///
///     load MODEL DATA         a model file, and a folder of arrays as data.py writes them
///     predict BATCH CALLS     the median seconds of a prediction of so many encoded rows
///     gemm                    the products' peak
///     micro                   each loop by itself
///     quit
@main
struct Main {
    static func main() {
        var loaded: Loaded?
        while let line = readLine() {
            let words = line.split(separator: " ").map(String.init)
            guard let command = words.first else { continue }
            if command == "quit" { return }
            do throws(CTRError) {
                answer(try obey(command, Array(words.dropFirst()), &loaded))
            } catch { answer(["error": .string("\(error)")]) }
        }
    }

    private static func obey(
        _ command: String, _ given: [String], _ loaded: inout Loaded?
    ) throws(CTRError) -> JSON {
        switch command {
        case "load":
            guard given.count == 2 else { throw .invalidArgument("load wants a model file and a folder of arrays") }
            let made = try Loaded(model: given[0], arrays: given[1])
            loaded = made
            return ["rows": .number(Double(made.rows.rowCount))]
        case "predict":
            guard let loaded else { throw .invalidArgument("predict wants a load before it") }
            return try PredictCommand(loaded, given).run()
        case "gemm": return GEMMCommand().run()
        case "micro": return MicroCommand().run()
        default: throw .invalidArgument("no command '\(command)'")
        }
    }

    private static func answer(_ json: JSON) {
        print(json.text)
        fflush(nil)
    }
}
