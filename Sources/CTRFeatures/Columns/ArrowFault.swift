/// What is wrong with an array; whoever knows its column's name makes a `CTRError` of it.
struct ArrowFault: Error {
    /// The part of the column: "", ", dictionary" or ", list values".
    var part = ""
    /// Of the rows wanted, from 0.
    var row: Int?
    var problem: String

    init(_ problem: String, row: Int? = nil) {
        self.problem = problem
        self.row = row
    }

    /// Whether nothing is wrong but that there is no memory for it.
    private var isMemory = false

    /// There is no memory to read so many values.
    static func memory(_ values: Int) -> ArrowFault {
        var fault = ArrowFault(
            "there is no memory for its \(values) values; end what else takes memory, or give fewer rows at once")
        fault.isMemory = true
        return fault
    }

    /// `label` is how the error names the column: "column 'age'"; `rowsBefore` come before the rows wanted.
    func error(_ label: String, rowsBefore: Int = 0) -> CTRError {
        if isMemory { return .outOfMemory("\(label)\(part): \(problem)") }
        let position = row.map { ", row \($0 + rowsBefore) (from 0)" } ?? ""
        return .invalidData("\(label)\(part)\(position): \(problem)")
    }
}
