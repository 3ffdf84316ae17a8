import CTRTestSupport
import Testing

@testable import CTRModels

@Suite struct CrossSearchTests {
    /// c0 and c1 say nothing alone and much together; c2 and x0 say something alone; c3 and x1 are noise.
    private static func paired(rows: Int = 3000, seed: UInt64 = 1) -> MadeTable {
        MadeTable(rows: rows, seed: seed, sizes: [5, 6, 4, 7], numbers: 2) { categories, numbers in
            ((categories[0] + categories[1]) % 2 == 0 ? 1.5 : -1.5) + 0.4 * Double(categories[2]) - 0.6
                + numbers[0] - 0.5
        }
    }

    @Test(arguments: [1, 2, 3] as [UInt64]) func thePairThatTellsMoreTogetherIsFound(seed: UInt64) throws {
        let found = try Self.paired(seed: seed).crosses()
        let first = try #require(found.first)
        #expect(first.features == ["c0", "c1"])
        #expect(first.gain > 0.1)
        // Whatever else passed by chance gains next to nothing, and no pair is found twice.
        #expect(found.dropFirst().allSatisfy { $0.gain < 0.01 && $0.gain > 0 })
        #expect(Set(found.map(\.features)).count == found.count)
    }

    /// A number takes part by its bins.
    @Test func aCategoryThatTurnsANumbersEffectAroundIsFound() throws {
        let made = MadeTable(rows: 3000, sizes: [2, 4], numbers: 2) { categories, numbers in
            (categories[0] == 0 ? 5 : -5) * (numbers[1] - 0.5)
        }
        #expect(try made.crosses().first?.features == ["c0", "x1"])
    }

    @Test func twoPairsAreFoundTheStrongerFirst() throws {
        let made = MadeTable(rows: 4000, sizes: [4, 4, 4, 4]) { categories, _ in
            ((categories[0] + categories[3]) % 2 == 0 ? 0.8 : -0.8)
                + ((categories[1] + categories[2]) % 2 == 0 ? 1.6 : -1.6)
        }
        let found = try made.crosses()
        #expect(found.prefix(2).map(\.features) == [["c1", "c2"], ["c0", "c3"]])
        #expect(found.count >= 2 && found[0].gain > found[1].gain && found[1].gain > 0.02)
    }

    /// Most of its cells hold a row or two: what they gain on the rows seen, they lose on the others.
    @Test(arguments: [1, 2, 3] as [UInt64]) func aPairOfManyValuesIsNotTakenForItsNoise(seed: UInt64) throws {
        let made = MadeTable(rows: 3000, seed: seed, sizes: [4, 4, 300, 300]) { categories, _ in
            (categories[0] + categories[1]) % 2 == 0 ? 1.5 : -1.5
        }
        let found = try made.crosses()
        #expect(found.first?.features == ["c0", "c1"])
        #expect(!found.contains { $0.features == ["c2", "c3"] })
        #expect(found.dropFirst().allSatisfy { $0.gain < 0.01 })
    }

    /// One of ten pairs may pass by chance, and then by a gain that would be worth its weights.
    @Test(arguments: [1, 2, 3, 4, 5, 6] as [UInt64]) func whatAddsUpGainsNothing(seed: UInt64) throws {
        let made = MadeTable(rows: 3000, seed: seed, sizes: [5, 6, 4], numbers: 2) { categories, numbers in
            0.8 * Double(categories[0] - 2) + 0.5 * Double(categories[1] - 3) + 3 * (numbers[0] - 0.5)
        }
        let found = try made.crosses()
        #expect(found.count <= 1)
        #expect(found.allSatisfy { $0.gain < 0.005 && $0.gain > CrossSearch.leastGain * 0.4 })
    }

    /// Of 190 pairs of noise one may pass by chance, not more.
    @Test(arguments: [1, 2, 3] as [UInt64]) func whatGainsByChanceIsNotTaken(seed: UInt64) throws {
        let made = MadeTable(rows: 500, seed: seed, sizes: [Int](repeating: 2, count: 20)) { _, _ in 0 }
        #expect(try made.crosses().count <= 1)
    }

    @Test func withTooFewRowsOrClicksThereIsNothingToFind() throws {
        #expect(try Self.paired(rows: 100).crosses() == [])
        var rare = Self.paired()
        // The pair tells all, but of 59 clicks.
        let clicked = rare.labels.indices.filter { (rare.categories[0][$0] + rare.categories[1][$0]) % 2 == 0 }
        let labelled = { (clicks: Int) in
            let chosen = Set(clicked.prefix(clicks))
            return rare.labels.indices.map { chosen.contains($0) }
        }
        let (few, enough) = (labelled(59), labelled(600))
        rare.labels = few
        #expect(try rare.crosses() == [])
        rare.labels = few.map { !$0 }
        #expect(try rare.crosses() == [])
        rare.labels = enough
        #expect(try rare.crosses().first?.features == ["c0", "c1"])
    }

    @Test func tablesOfTooManyFeaturesAreNotSearched() throws {
        for (count, wanted) in [(CrossSearch.mostFeatures, ["c0", "c1"]), (CrossSearch.mostFeatures + 1, nil)] {
            let made = MadeTable(rows: 500, sizes: [Int](repeating: 2, count: count)) { categories, _ in
                categories[0] == categories[1] ? 3 : -3
            }
            #expect(try made.crosses().first?.features == wanted)
        }
    }

    @Test func theSameBitsOnOneThreadAndOnTwo() throws {
        let found = try [1, 2, 2].map { threads in try Self.paired().crosses { $0.threads = threads } }
        #expect(!found[0].isEmpty)
        for other in found.dropFirst() {
            #expect(other == found[0])
            #expect(other.map(\.gain.bitPattern) == found[0].map(\.gain.bitPattern))
        }
    }

    /// They stand between the others, as many, and say the contrary.
    @Test func rowsOfNoWeightDoNotCount() throws {
        let made = MadeTable(rows: 3000, sizes: [5, 6, 4]) { categories, _ in
            (categories[0] + categories[1]) % 2 == 0 ? 1.5 : -1.5
        }
        var doubled = made
        for column in made.categories.indices {
            doubled.categories[column] = made.categories[column].flatMap { [$0, $0] }
        }
        doubled.labels = made.labels.flatMap { [!$0, $0] }
        let weights = (0..<6000).map { Double($0 % 2) }
        let plain = try made.crosses()
        #expect(plain.first?.features == ["c0", "c1"])
        #expect(try doubled.crosses(weights: weights) == plain)
        #expect(try doubled.crosses().isEmpty)
    }
}
