import CTRFeatures

/// Reads one option's value; its errors name the option, the value and what it may be.
struct OptionReader {
    let key: String
    let value: JSON

    func error(_ wanted: String) -> CTRError { .invalidArgument("\(key) = \(value.text); it must be \(wanted)") }

    func string() throws(CTRError) -> String {
        guard let text = value.stringValue else { throw error("a string") }
        try checkName(text)
        return text
    }

    /// Texts of options are names, of columns above all, which end at a NUL wherever C reads them.
    private func checkName(_ text: String) throws(CTRError) {
        guard !text.utf8.contains(0) else { throw error("without a NUL (\\u0000): no column's name has one") }
    }

    func bool() throws(CTRError) -> Bool {
        guard let value = value.boolValue else { throw error("true or false") }
        return value
    }

    func double() throws(CTRError) -> Double {
        guard let number = value.doubleValue else { throw error("a number") }
        return number
    }

    func int() throws(CTRError) -> Int {
        guard let number = value.intValue else { throw error("a whole number") }
        return number
    }

    func ints() throws(CTRError) -> [Int] {
        guard let values = value.arrayValue else { throw error("an array of whole numbers") }
        var numbers: [Int] = []
        for element in values {
            guard let number = element.intValue else { throw error("an array of whole numbers") }
            numbers.append(number)
        }
        return numbers
    }

    func strings() throws(CTRError) -> [String] {
        guard let values = value.arrayValue else { throw error("an array of strings") }
        var strings: [String] = []
        for element in values {
            guard let string = element.stringValue else { throw error("an array of strings") }
            try checkName(string)
            strings.append(string)
        }
        return strings
    }

    func choice<Choice: RawRepresentable & CaseIterable>(
        _ type: Choice.Type
    ) throws(CTRError) -> Choice where Choice.RawValue == String {
        guard let text = value.stringValue, let choice = Choice(rawValue: text) else {
            throw error(Self.oneOf(Choice.allCases.map(\.rawValue)))
        }
        return choice
    }

    /// What a choice must be.
    static func oneOf(_ names: [String]) -> String {
        "one of " + names.map { "\"\($0)\"" }.joined(separator: ", ")
    }
}
