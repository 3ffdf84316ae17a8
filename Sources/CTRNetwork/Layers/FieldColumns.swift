/// Some of a network's fields: each by its index among those of its kind, with its first column where they are written.
struct FieldColumns: Sendable {
    let numbers: [(index: Int, offset: Int)]
    let embeddings: [(index: Int, offset: Int)]

    init(numbers: [(index: Int, offset: Int)], embeddings: [(index: Int, offset: Int)]) {
        (self.numbers, self.embeddings) = (numbers, embeddings)
    }

    /// In the columns in which they were declared; `isRead`: of these.
    init(_ fields: FieldsLayer, where isRead: (Range<Int>) -> Bool = { _ in true }) {
        numbers = fields.numbers.enumerated().filter { isRead($1.inputs) }.map { ($0, $1.offset) }
        embeddings = fields.embeddings.enumerated().filter { isRead($1.inputs) }.map { ($0, $1.offset) }
    }
}
