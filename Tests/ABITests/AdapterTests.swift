import CTRModels
import Testing

/// The adapter driven from Swift, in one process with it: data made here, fitted and answered there, judged here.
@Suite(.serialized) struct AdapterTests {
    /// Rows of three numbers, the first missing in every tenth; the label follows the second and, less, the third.
    static func clickLog(rows: Int) -> (values: [Double], labels: [Double]) {
        var state: UInt64 = 42
        func draw() -> Double {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Double(state >> 11) / Double(1 << 53)
        }
        var values: [Double] = []
        var labels: [Double] = []
        for row in 0..<rows {
            let (second, third) = (draw(), draw())
            values += [row % 10 == 0 ? .nan : draw(), second, third]
            labels.append(draw() < 0.8 * second + 0.2 * third * third ? 1 : 0)
        }
        return (values, labels)
    }

    static func areaUnderCurve(_ scores: [Double], _ labels: [Double]) -> Double {
        let clicked = zip(scores, labels).filter { $0.1 == 1 }.map(\.0)
        let passed = zip(scores, labels).filter { $0.1 == 0 }.map(\.0)
        let wins = clicked.map { one in passed.map { $0 < one ? 1 : $0 == one ? 0.5 : 0 }.reduce(0, +) }.reduce(0, +)
        return wins / Double(clicked.count * passed.count)
    }

    @Test func fitPredictSaveLoad() throws {
        let (values, labels) = Self.clickLog(rows: 600)
        try Interpreter.shared.get().session { python in
            python.set("values", to: values)
            python.set("labels", to: labels)
            try python.run(
                """
                import os, tempfile
                import numpy as np
                from testbed_adapter.estimator import WideDeepClassifier
                X, y = np.frombuffer(values).reshape(-1, 3), np.frombuffer(labels).astype(int)
                model = WideDeepClassifier(hidden_units=(16,), epochs=10, random_state=3).fit(X, y)
                folder = tempfile.TemporaryDirectory()
                path = os.path.join(folder.name, "模型.safetensors")
                model.save(path)
                size = os.path.getsize(path)
                again = WideDeepClassifier.load(path)
                p, q = (np.ascontiguousarray(m.predict_proba(X)[:, 1]) for m in (model, again))
                """)
            let predictions = try python.numbers("p")
            #expect(predictions.count == labels.count)
            #expect(predictions.allSatisfy { 0 < $0 && $0 < 1 })
            #expect(Self.areaUnderCurve(predictions, labels) > 0.65)
            #expect(try python.numbers("q").map(\.bitPattern) == predictions.map(\.bitPattern))
            #expect(try python.number("size") > 1000)
            #expect(try python.number("len(model.training_history_)") >= 1)

            // The core that is linked into this process reads the same file, and answers as the library's copy of it.
            let model = try CTRModel(path: python.text("path"))
            let columns = (0..<3).map { column in
                ("x\(column)", Column.numeric(stride(from: column, to: values.count, by: 3).map { values[$0] }))
            }
            let here = try model.predict(Table(columns))
            #expect(zip(here, predictions).allSatisfy { abs($0 - $1) < 1e-6 } && here.count == predictions.count)
            try python.run("folder.cleanup()")
        }
    }

    @Test func whatPythonRaisesArrivesWithItsWords() throws {
        try Interpreter.shared.get().session { python in
            let failure = try #require(throws: Interpreter.Failure.self) {
                try python.run(
                    """
                    from testbed_adapter.estimator import WideDeepClassifier
                    WideDeepClassifier(dropout=2.0).fit([[1.0], [2.0], [3.0], [4.0]], [0, 1, 0, 1])
                    """)
            }
            #expect(failure.description.contains("ParameterError"))
            #expect(failure.description.contains("dropout = 2.0"))
        }
    }

    @Test func theLibraryIsTheCheckoutsOwn() throws {
        try Interpreter.shared.get().session { python in
            try python.run("from testbed_adapter.native import library; found = str(library.candidates()[-1])")
            #expect(try python.text("found") == Interpreter.checkout + "/.build/library/libctr_models.so")
            #expect(try python.number("library.library().ctr_abi_version()") == 1)
        }
    }
}
