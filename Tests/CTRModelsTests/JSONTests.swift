import CTRFeatures
import Testing

@testable import CTRModels

struct JSONTests {
    @Test func parsesEveryKind() throws {
        let json = try JSON(
            parsing:
                #" {"a": [1, -0.5e2, 0, 1E+2], "b": {"c": null, "d": [true, false]}, "e": "\"\\\/\b\f\n\r\té\u00e9\ud83d\ude00"} "#
        )
        #expect(json["a"] == [1, -50, 0, 100])
        #expect(json["b"]?["d"] == [true, false])
        #expect(json["b"]?["c"]?.isNull == true)
        #expect(json["e"]?.stringValue == "\"\\/\u{8}\u{C}\n\r\téé😀")
        #expect(json["f"] == nil)
        #expect(json.objectValue?.map(\.key) == ["a", "b", "e"])
        #expect(try JSON(parsing: "\"x\"").stringValue == "x")
        #expect(try JSON(parsing: "{}") == [:])
        #expect(try JSON(parsing: "[ ]") == [])
    }

    @Test func accessorsAreExact() throws {
        #expect(JSON.number(3).intValue == 3)
        #expect(JSON.number(3.5).intValue == nil)
        #expect(JSON.number(1e300).intValue == nil)
        #expect(JSON.number(.nan).intValue == nil)
        #expect(JSON.string("3").intValue == nil)
        #expect(JSON.bool(true).boolValue == true)
        #expect(JSON.number(1).boolValue == nil)
        #expect(JSON.null["a"] == nil)
        #expect(JSON.null.arrayValue == nil)
    }

    @Test func writesWhatItReads() throws {
        let json: JSON = [
            "whole": 3, "half": 0.5, "tiny": .number(.leastNonzeroMagnitude), "big": 1.7976931348623157e308,
            "third": .number(1.0 / 3),
            "list": [nil, true, "a\"\\\n\u{1}\u{7F}点击😀"], "empty": [:], "most": 9_007_199_254_740_991,
        ]
        #expect(try JSON(parsing: json.text) == json)
        #expect(json["whole"]?.text == "3")
        #expect(JSON.number(-0.0).text == "-0.0")
        #expect(JSON.number(1e16).text == "1e+16")
        #expect(JSON.number(.nan).text == "null")
        #expect(JSON.number(-.infinity).text == "null")
        #expect(JSON.string("\u{1}\"é").text == "\"\\u0001\\\"é\"")
    }

    @Test func oneCharacterInTwoFormsIsTwoKeys() throws {
        #expect(try JSON(parsing: "{\"é\": 1, \"e\u{301}\": 2}").objectValue?.count == 2)
    }

    @Test(arguments: [
        ("", "expected a value at line 1, column 1, but the text ends there"),
        ("{", "expected a key in double quotes at line 1, column 2"),
        ("{\"a\" 1}", "expected ':' at line 1, column 6, found '1'"),
        ("{\"a\": 1,}", "expected a key in double quotes at line 1, column 9, found '}'"),
        ("[1, 2\n 3]", "expected ',' or ']' at line 2, column 2, found '3'"),
        ("[1,]", "expected a value at line 1, column 4, found ']'"),
        ("{'a': 1}", "expected a key in double quotes"),
        ("01", "expected the end of the text at line 1, column 2"),
        ("1.", "expected a digit"),
        ("-", "expected a digit"),
        ("+1", "expected a value"),
        (".5", "expected a value"),
        ("1e", "expected a digit"),
        ("1e999", "too large"),
        ("NaN", "expected a value"),
        ("nul", "expected 'null' at line 1, column 1"),
        ("\"a", "expected '\"' at line 1, column 3"),
        ("\"\\x\"", "expected an escape"),
        ("\"\\u12\"", "four hexadecimal digits"),
        ("\"\\ud800\"", "half a surrogate pair"),
        ("\"\\udc00\\ud800\"", "half a surrogate pair"),
        ("\"\\ud800\\u0041\"", "half a surrogate pair"),
        ("\"\n\"", "found byte 0xa"),
        ("{\"a\": 1, \"\\u0061\": 2}", "key \"a\" comes a second time at line 1, column 10"),
        ("1 2", "expected the end of the text"),
        (String(repeating: "[", count: 100_000), "nested deeper than 64"),
    ])
    func refuses(text: String, message: String) {
        let error = #expect(throws: CTRError.self) { try JSON(parsing: text) }
        #expect(error?.code == .invalidArgument)
        #expect(error?.message.contains(message) == true, "\(error?.message ?? "")")
    }

    @Test func refusesBytesThatAreNoUTF8() {
        #expect(throws: CTRError.self) { try JSON(parsing: [0x22, 0xFF, 0x22]) }
    }

    @Test func sixtyFourLevelsAreFine() throws {
        let text = String(repeating: "[", count: 64) + String(repeating: "]", count: 64)
        #expect(try JSON(parsing: text).text == text)
    }

    /// Cutting a document anywhere, or changing a byte, never traps.
    @Test func survivesDamage() {
        let text = Array(#"{"a":[1,-0.5e2,"x\u00e9\ud83d\ude00"],"b":{"c":null,"d":true}}"#.utf8)
        for at in text.indices {
            _ = try? JSON(parsing: text[..<at])
            for byte in UInt8.min...UInt8.max {
                var changed = text
                changed[at] = byte
                _ = try? JSON(parsing: changed)
            }
        }
    }
}
