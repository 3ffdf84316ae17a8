import CCTRModels
import CTRModels

@c @implementation
public func ctr_model_predict(
    _ model: OpaquePointer!, _ schema: UnsafePointer<ArrowSchema>!, _ table: UnsafePointer<ArrowArray>!,
    _ probabilities: UnsafeMutablePointer<Double>!, _ count: Int
) -> Int32 {
    status(isSmall: true) { () throws(CTRError) in
        let model = try Handle.model(model)
        let output = try required(probabilities, "probabilities")
        try model.predict(borrowed(schema, table), into: output, count: count)
    }
}

@c @implementation
public func ctr_model_predict_interruptibly(
    _ model: OpaquePointer!, _ schema: UnsafePointer<ArrowSchema>!, _ table: UnsafePointer<ArrowArray>!,
    _ probabilities: UnsafeMutablePointer<Double>!, _ count: Int, _ progress: ctr_progress_callback!,
    _ context: UnsafeMutableRawPointer!
) -> Int32 {
    status { () throws(CTRError) in
        let model = try Handle.model(model)
        let output = try required(probabilities, "probabilities")
        try model.predict(
            borrowed(schema, table), into: output, count: count, progress: callback(progress, context))
    }
}

@c @implementation
public func ctr_model_extract_features(
    _ model: OpaquePointer!, _ schema: UnsafePointer<ArrowSchema>!, _ table: UnsafePointer<ArrowArray>!,
    _ features: UnsafeMutablePointer<Double>!, _ count: Int
) -> Int32 {
    status { () throws(CTRError) in
        let model = try Handle.model(model)
        let output = try required(features, "features")
        let borrowed = try CTRModelsABI.borrowed(schema, table)
        try ArrowFrame(borrowed).expect(answers: count)
        let matrix = try ImpressionFeatures.matrix(of: model.read(borrowed))
        output.update(from: matrix, count: matrix.count)
    }
}

@c @implementation
public func ctr_model_predict_ctr(
    _ model: OpaquePointer!, _ query: UnsafePointer<CChar>!, _ query_length: Int,
    _ query_word_ends: UnsafePointer<Int32>!, _ query_word_count: Int, _ doc_id: UnsafePointer<CChar>!,
    _ doc_id_length: Int, _ position: Int64, _ score: Double, _ summary: UnsafePointer<CChar>!,
    _ summary_length: Int, _ summary_word_ends: UnsafePointer<Int32>!, _ summary_word_count: Int,
    _ probability: UnsafeMutablePointer<Double>!
) -> Int32 {
    status(isSmall: true) { () throws(CTRError) in
        let model = try Handle.model(model)
        let output = try required(probability, "probability")
        let impression = BorrowedImpression(
            query: try text(query, query_length, "query"),
            queryWordEnds: try ends(query_word_ends, query_word_count, within: query_length, "query_word"),
            document: try text(doc_id, doc_id_length, "doc_id"), position: position, score: score,
            summary: try text(summary, summary_length, "summary"),
            summaryWordEnds: try ends(summary_word_ends, summary_word_count, within: summary_length, "summary_word"))
        output.pointee = try model.predictCTR(impression)
    }
}

private func text(
    _ start: UnsafePointer<CChar>?, _ length: Int, _ name: String
) throws(CTRError) -> UnsafeRawBufferPointer {
    guard length >= 0 else { throw .invalidArgument("\(name)_length = \(length); a length is not negative") }
    return UnsafeRawBufferPointer(start: try required(start, name), count: length)
}

/// Where words end: ascending, the last at most at the text's end.
private func ends(
    _ start: UnsafePointer<Int32>?, _ count: Int, within length: Int, _ name: String
) throws(CTRError) -> UnsafeBufferPointer<Int32> {
    guard count >= 0 else { throw .invalidArgument("\(name)_count = \(count); a count is not negative") }
    if count == 0 { return UnsafeBufferPointer(start: nil, count: 0) }
    let ends = UnsafeBufferPointer(start: try required(start, "\(name)_ends"), count: count)
    var last: Int32 = 0
    for end in ends {
        guard end >= last, Int(end) <= length else {
            throw .invalidArgument("\(name)_ends: \(end) after \(last); ends ascend, to at most \(length)")
        }
        last = end
    }
    return ends
}
