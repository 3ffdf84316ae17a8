import CTRModels

/// Impressions of a news page, made up: sections, devices and hours, and who clicks what.
struct NewsLog {
    var sections: [String] = []
    var devices: [String?] = []
    var hours: [Double] = []
    var clicks: [Double] = []

    init(rows: Int, seed: UInt64) {
        var random = SplitMix64(state: seed)
        for _ in 0..<rows {
            let section = ["sport", "film", "money", "science"].randomElement(using: &random)!
            let device = ["phone", "laptop"].randomElement(using: &random)!
            let hour = Double.random(in: 0..<24, using: &random)
            // Money is read at a desk, sport on the way; everything more in the evening.
            let fits = section == "money" && device == "laptop" || section == "sport" && device == "phone"
            let probability = 0.08 + (fits ? 0.3 : 0) + (hour > 18 ? 0.15 : 0)
            sections.append(section)
            devices.append(Double.random(in: 0..<1, using: &random) < 0.05 ? nil : device)  // now and then not known
            hours.append(hour)
            clicks.append(Double.random(in: 0..<1, using: &random) < probability ? 1 : 0)
        }
    }

    /// The columns as the model takes them: text is a category, nil and NaN are missing.
    func table() throws -> Table {
        try Table([
            ("section", .text(sections)), ("device", .text(devices)), ("hour", .numeric(hours)),
            ("label", .numeric(clicks)),
        ])
    }
}

/// Swift's own generator has no seed.
struct SplitMix64: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var bits = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
        bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
        return bits ^ (bits >> 31)
    }
}
