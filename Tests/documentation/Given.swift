import CTRModels

// What the documentation's examples are given: the log of a news page, rows to predict, and trained models.

private let impressions = 0..<200
let sections = impressions.map { ["sport", "film", "money", "science"][$0 % 4] }
let devices = impressions.map { ["phone", "laptop"][$0 / 4 % 2] }
let hours = impressions.map { Double($0 * 7 % 24) }
/// Money is read on a laptop, sport on a phone.
let clicks = impressions.map { row -> Double in
    let fits = ["money laptop", "sport phone"].contains("\(sections[row]) \(devices[row])")
    return row % 11 == 0 || (fits && row % 5 != 0) ? 1 : 0
}

let log = try! Table([
    ("section", .text(sections)), ("device", .text(devices)), ("hour", .numeric(hours)), ("label", .numeric(clicks)),
])
let newRows = log
let page = try! Table([
    ("section", .text(["money", "sport"])), ("device", .text(["laptop", "phone"])), ("hour", .numeric([9, 21])),
])

let model = trained(log, crosses: [["section", "device"]])
/// As out of one of the testbed's files, which are trained on the features of its log.
let served = trained(try! Table(slotColumns()), crosses: [])

private func slotColumns() -> [(String, Column)] {
    var columns: [(String, Column)] = [("label", .numeric(clicks))]
    for column in 0..<36 {
        columns.append(("x\(column)", .numeric(impressions.map { Double($0 * (column + 3) % 17) })))
    }
    return columns
}

private func trained(_ log: Table, crosses: [[String]]) -> CTRModel {
    var options = ModelOptions()
    options.crosses = crosses
    options.members = 1
    let model = try! CTRModel(options)
    try! model.train(log)
    return model
}
