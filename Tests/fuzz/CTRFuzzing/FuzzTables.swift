/// Tables made from a fuzzer's bytes: well-formed Arrow, of any values.
extension FuzzInput {
    /// Features and a label, for a model of any columns: at most 24 rows.
    mutating func table() -> FuzzBatch {
        let batch = FuzzBatch(rows: rarely(8) ? choice(3) : 4 + choice(21))
        let columns = 1 + choice(4)
        for index in 0..<columns { column("c\(index)", into: batch, kind: rarely(8) ? choice(5) : index % 4) }
        if rarely(8) { batch.add("weight", numbers: numbers(batch.rows)) }
        label("label", into: batch)
        return batch
    }

    /// A click log, as `ctr_model_set_history` takes it; rarely with a column missing or of another kind.
    mutating func log() -> FuzzBatch {
        let batch = FuzzBatch(rows: choice(16))
        let kinds = [
            ("query", 0), ("doc_id", 0), ("summary", 0), ("query_words", 2), ("summary_words", 2), ("position", 3),
            ("doc_length", 3), ("score", 3), ("timestamp", 0),
        ]
        for (name, kind) in kinds where !rarely(64) {
            if kind == 3 && !rarely(16) {
                batch.add(name, integers: (0..<batch.rows).map { _ in Int64(choice(20)) })
            } else {
                column(name, into: batch, kind: rarely(32) ? choice(5) : kind)
            }
        }
        label("clicked", into: batch)
        return batch
    }

    /// The impression features x0 to x35 with the label: what a model for `ctr_model_predict_ctr` is trained on.
    mutating func impressions() -> FuzzBatch {
        let batch = FuzzBatch(rows: 4 + choice(12))
        for index in 0..<36 { batch.add("x\(index)", numbers: numbers(batch.rows)) }
        label("label", into: batch)
        return batch
    }

    private mutating func label(_ name: String, into batch: FuzzBatch) {
        if rarely(16) { return batch.add(name, numbers: numbers(batch.rows)) }
        var labels = (0..<batch.rows).map { _ in Int64(byte() & 1) }
        // Both classes are there, as a rule.
        if labels.count > 1, !rarely(8) { (labels[0], labels[1]) = (0, 1) }
        batch.add(name, integers: labels)
    }

    private mutating func column(_ name: String, into batch: FuzzBatch, kind: Int) {
        switch kind {
        case 0: batch.add(name, texts: texts(batch.rows))
        case 1: batch.add(name, numbers: numbers(batch.rows))
        case 2:
            var (ends, count): ([Int32], Int) = ([], 0)
            for _ in 0..<batch.rows {
                count += choice(4)
                ends.append(Int32(count))
            }
            batch.add(name, lists: ends, of: texts(count))
        case 3:
            batch.add(name, integers: (0..<batch.rows).map { _ in rarely(16) ? Int64(integer()) : Int64(choice(6)) })
        default: batch.add(name, nulls: batch.rows)
        }
    }

    private mutating func texts(_ count: Int) -> [[UInt8]?] {
        (0..<count).map { _ in rarely(16) ? nil : rarely(8) ? text() : Array("v\(choice(6))".utf8) }
    }

    /// Mostly tame, so that a table is rarely refused for one of them.
    private mutating func numbers(_ count: Int) -> [Double] {
        let wild = rarely(4)
        return (0..<count).map { _ in wild ? number() : Double(choice(8)) }
    }
}
