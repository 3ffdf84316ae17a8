import CTRFeatures

/// Reading a model file's description: errors name the field, its value and what it may be.
extension JSON {
    /// The whole number of a key. One above the range reads as its end where `clamped` says so.
    func whole(
        _ key: String, in range: ClosedRange<Int>, clamped: Bool = false, of owner: String
    ) throws(CTRError) -> Int {
        let number = self[key]?.doubleValue ?? .nan
        if clamped, number > Double(range.upperBound) { return range.upperBound }
        guard let whole = Int(exactly: number), range.contains(whole) else {
            throw wrong(key, "a whole number from \(range.lowerBound) to \(range.upperBound)", of: owner)
        }
        return whole
    }

    /// The number of a key; NaN for null and where there is none: NaN is written as null.
    func number(_ key: String, of owner: String) throws(CTRError) -> Double {
        guard let value = self[key], !value.isNull else { return .nan }
        guard let number = value.doubleValue else { throw wrong(key, "a number or null", of: owner) }
        return number
    }

    func string(_ key: String, of owner: String) throws(CTRError) -> String {
        guard let text = self[key]?.stringValue else { throw wrong(key, "a string", of: owner) }
        return text
    }

    /// The array of a key; an older file may lack it.
    func array(_ key: String, of owner: String) throws(CTRError) -> [JSON] {
        guard let value = self[key] else { return [] }
        guard let values = value.arrayValue else { throw wrong(key, "an array", of: owner) }
        return values
    }

    func numbers(_ key: String, of owner: String) throws(CTRError) -> [Double] {
        var numbers: [Double] = []
        for value in try array(key, of: owner) {
            guard let number = value.doubleValue else { throw wrong(key, "an array of numbers", of: owner) }
            numbers.append(number)
        }
        return numbers
    }

    func wrong(_ key: String, _ wanted: String, of owner: String) -> CTRError {
        let found = self[key].map { String($0.text.prefix(200)) } ?? "missing"
        return .badModelFile("\(owner): \(key) = \(found); it must be \(wanted)")
    }
}
