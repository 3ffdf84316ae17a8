import CTRFeatures
import Testing

@testable import CTRModels

struct TensorFileTests {
    static let example = TensorFile(
        metadata: [("ctr_models", #"{"format":1,"é":"点击"}"#), ("format", "pt")],
        tensors: [
            ("bias", Tensor([0.5 as Float])),
            ("vocabulary.bytes", Tensor(Array("abc".utf8))),
            ("vocabulary.offsets", Tensor([0, 1, 3] as [Int64])),
            ("weight", Tensor([1, 2, 3, 4, 5, 6] as [Float], shape: [2, 3])),
            ("members", Tensor([1, -2] as [Int32], shape: [1, 2])),
            ("empty", Tensor([] as [Float], shape: [0, 4])),
            ("mean", Tensor([1.0 / 3])),
            ("scalar", Tensor([7.0], shape: [])),
        ])

    @Test func roundTrip() throws {
        let bytes = try Self.example.encode()
        let file = try TensorFile(decoding: bytes)
        #expect(file.metadata.map(\.0) == ["ctr_models", "format"])
        #expect(file.metadata("ctr_models") == Self.example.metadata[0].1)
        #expect(file.tensors.map(\.name) == Self.example.tensors.map(\.name))
        #expect(file.tensors.map(\.tensor) == Self.example.tensors.map(\.tensor))
        #expect(try file.tensor("weight").floats() == [1, 2, 3, 4, 5, 6])
        #expect(try file.tensor("vocabulary.offsets").ints() == [0, 1, 3])
        #expect(try file.tensor("vocabulary.bytes").uint8s() == [97, 98, 99])
        #expect(try file.tensor("members").int32s() == [1, -2])
        #expect(try file.tensor("mean").doubles() == [1.0 / 3])
        #expect(try file.tensor("scalar").shape == [])
        #expect(try file.encode() == bytes)
        #expect(throws: CTRError.self) { try file.tensor("none") }
        #expect(throws: CTRError.self) { try file.tensor("weight").doubles() }
    }

    @Test func layoutIsAligned() throws {
        let bytes = try Self.example.encode()
        let header = bytes[0..<8].reversed().reduce(0) { $0 << 8 | Int($1) }
        #expect(header % 8 == 0)
        let json = try JSON(parsing: bytes[8..<8 + header])
        for entry in Self.example.tensors {
            let begin = json[entry.name]?["data_offsets"]?.arrayValue?.first?.intValue
            #expect((begin ?? -1) % entry.tensor.dtype.size == 0)
        }
    }

    @Test func withoutTensors() throws {
        let file = try TensorFile(decoding: TensorFile().encode())
        #expect(file.tensors.isEmpty && file.metadata.isEmpty)
    }

    @Test func everyFlippedBitIsSeen() throws {
        let bytes = try Self.example.encode()
        for at in bytes.indices {
            for bit in 0..<8 {
                var changed = bytes
                changed[at] ^= 1 << UInt8(bit)
                let error = #expect(throws: CTRError.self) { try TensorFile(decoding: changed) }
                #expect(error?.code == .badModelFile)
            }
        }
    }

    @Test func everyTruncationIsSeen() throws {
        let bytes = try Self.example.encode()
        for count in bytes.indices {
            let error = #expect(throws: CTRError.self) { try TensorFile(decoding: Array(bytes[..<count])) }
            #expect(error?.code == .badModelFile)
            if count >= 1000 {
                let message = "cut short: \(bytes.count) bytes expected, \(count) found"
                #expect(error?.message.contains(message) == true, "\(error?.message ?? "")")
            }
        }
        #expect(throws: CTRError.self) { try TensorFile(decoding: bytes + [0]) }
    }

    /// The file with another header, under a right checksum: so that what is behind the checksum is reached.
    private func file(header text: String, data: [UInt8] = []) -> [UInt8] {
        var header = Array((#"{"__metadata__":{"checksum":"0000000000000000"}"# + text).utf8)
        let digits = header.withUnsafeBytes { header in
            data.withUnsafeBytes { TensorFile.checksum(header: header, data: $0) }
        }
        for (at, digit) in zip(TensorFile.checksumRange, digits) { header[at] = digit }
        return withUnsafeBytes(of: UInt64(header.count).littleEndian) { Array($0) } + header + data
    }

    @Test(arguments: [
        (
            #","a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"b":{"dtype":"U8","shape":[2],"data_offsets":[2,4]}}"#,
            "overlaps"
        ),
        (#","a":{"dtype":"U8","shape":[3],"data_offsets":[1,4]}}"#, "leaves a gap"),
        (#","a":{"dtype":"U8","shape":[3],"data_offsets":[0,3]}}"#, "4 bytes of tensors where 3 are expected"),
        (#","a":{"dtype":"F32","shape":[4],"data_offsets":[0,4]}}"#, "do not fit its shape"),
        (#","a":{"dtype":"U8","shape":[4],"data_offsets":[4,0]}}"#, "do not fit its shape"),
        (#","a":{"dtype":"U8","shape":[4],"data_offsets":[-4,0]}}"#, "do not fit its shape"),
        (#","a":{"dtype":"U8","shape":[4],"data_offsets":[0.5,4.5]}}"#, "do not fit its shape"),
        (#","a":{"dtype":"U8","shape":[-4],"data_offsets":[0,4]}}"#, "the shape of"),
        (#","a":{"dtype":"U8","shape":[4.5],"data_offsets":[0,4]}}"#, "the shape of"),
        (#","a":{"dtype":"F64","shape":[4611686018427387904,4],"data_offsets":[0,4]}}"#, "the shape of"),
        (#","a":{"dtype":"U8","shape":[4611686018427387904],"data_offsets":[0,4611686018427387904]}}"#, "do not fit"),
        (#","a":{"dtype":"U8","shape":[8],"data_offsets":[0,8]}}"#, "cut short"),
        (#","a":{"dtype":"BF16","shape":[2],"data_offsets":[0,4]}}"#, "unknown type 'BF16'"),
        (#","a":{"dtype":"U8","shape":[4]}}"#, "does not have"),
        (#","a":5}"#, "does not have"),
        (#","a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"a":{}}"#, "comes a second time"),
        (#","a""#, "header cannot be read"),
    ])
    func wrongHeaderWithRightChecksum(header: String, message: String) {
        let error = #expect(throws: CTRError.self) {
            try TensorFile(decoding: file(header: header, data: [1, 2, 3, 4]))
        }
        #expect(error?.code == .badModelFile)
        #expect(error?.message.contains(message) == true, "\(error?.message ?? "")")
    }

    @Test(
        arguments: [
            ([], "empty"),
            ([0x80], "pickle"),
            ([0x80, 4, 0x95, 0, 0, 0, 0, 0, 0, 0, 0x8C], "pickle"),
            (Array("short".utf8), "too few"),
            (Array("<!DOCTYPE html><html></html>".utf8), "does not begin as a safetensors file"),
            ([255, 255, 255, 255, 255, 255, 255, 255, 0x7B], "does not begin as a safetensors file"),
            ([2, 0, 0, 0, 0, 0, 0, 0, 0x7B, 0x7D], "lacks the checksum"),
            ([64, 0, 0, 0, 0, 0, 0, 0, 0x7B], "cut short"),
        ] as [([UInt8], String)])
    func foreignFile(bytes: [UInt8], message: String) {
        let error = #expect(throws: CTRError.self) { try TensorFile(decoding: bytes) }
        #expect(error?.code == .badModelFile)
        #expect(error?.message.contains(message) == true, "\(error?.message ?? "")")
    }

    /// A header of 384 bytes: its length begins like a pickle.
    @Test func headerLengthThatLooksLikeAPickle() throws {
        for extra in 0..<1200 {
            let file = TensorFile(metadata: [("k", String(repeating: "x", count: extra))])
            #expect(try TensorFile(decoding: file.encode()).metadata("k")?.utf8.count == extra)
        }
    }

    @Test func wrongContentsAreNotWritten() {
        #expect(throws: CTRError.self) { try TensorFile(tensors: [("a", Tensor([1 as Float], shape: [2]))]).encode() }
        #expect(throws: CTRError.self) { try TensorFile(metadata: [("checksum", "")]).encode() }
        #expect(throws: CTRError.self) {
            try TensorFile(tensors: [("a", Tensor([1.0])), ("a", Tensor([1.0]))]).encode()
        }
    }
}
