import CTRModels

/// The README's lines as they stand there: rows of equal length in, a click probability a row out.
func shortest(queries: [String], documents: [String], scores: [Double], clicks: [Double]) throws -> [Double] {
    var options = ModelOptions()
    options.crosses = [["query", "doc"]]
    let model = try CTRModel(options)
    let log = try Table([
        ("query", .text(queries)), ("doc", .text(documents)), ("score", .numeric(scores)), ("label", .numeric(clicks)),
    ])
    try model.train(log)
    let probabilities = try model.predict(log)
    try model.save(to: "ctr.model")
    return probabilities
}
