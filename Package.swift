// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "CTRModels",
    products: [
        .library(name: "CTRModels", targets: ["CTRModels"]),
        // The C ABI of bridge/include/ctr_models.h; `make library` links it into one self-contained file.
        .library(name: "ctr_models", type: .dynamic, targets: ["CTRModelsABI"]),
    ],
    targets: [
        .systemLibrary(name: "CArrow"),
        .target(name: "CVectorLoops"),
        .target(name: "CTRKernels", dependencies: ["CVectorLoops"]),
        .target(name: "CTRFeatures", dependencies: ["CArrow", "CTRKernels"]),
        .target(name: "CTRNetwork", dependencies: ["CTRFeatures", "CTRKernels"]),
        .target(name: "CTRModels", dependencies: ["CTRFeatures", "CTRKernels", "CTRNetwork"]),
        .systemLibrary(name: "CCTRModels", path: "bridge/include"),
        .target(
            name: "CTRModelsABI", dependencies: ["CCTRModels", "CArrow", "CTRModels", "CVectorLoops"],
            path: "bridge/CTRModelsABI"),
        // What the tests of several floors share; no product.
        .target(name: "CTRTestSupport", dependencies: ["CArrow", "CTRFeatures", "CTRKernels"], path: "Tests/Support"),
        .testTarget(name: "CTRKernelsTests", dependencies: ["CTRKernels"]),
        .testTarget(
            name: "CTRFeaturesTests", dependencies: ["CArrow", "CTRFeatures", "CTRKernels", "CTRTestSupport"]),
        .testTarget(
            name: "CTRNetworkTests", dependencies: ["CTRFeatures", "CTRKernels", "CTRNetwork", "CTRTestSupport"]),
        .testTarget(
            name: "CTRModelsTests",
            dependencies: ["CArrow", "CTRFeatures", "CTRKernels", "CTRModels", "CTRNetwork", "CTRTestSupport"]),
        // CPython inside a Swift process, for tests alone: a package that depends on CTRModels never asks for it.
        .systemLibrary(
            name: "CPython", path: "Tests/ABITests/CPython", pkgConfig: "python3-embed",
            providers: [.apt(["libpython3-dev"])]),
        // What `make bench` measures inside the library; no product.
        .executableTarget(
            name: "CTRBenchmarks", dependencies: ["CTRModels", "CTRNetwork", "CTRFeatures", "CTRKernels"],
            path: "Tests/benchmarks/speed/swift"),
        // What `make fuzz` feeds the library, and the suite replays; no product.
        .target(
            name: "CTRFuzzing",
            dependencies: ["CCTRModels", "CArrow", "CTRModelsABI", "CTRModels", "CTRFeatures", "CTRKernels"],
            path: "Tests/fuzz/CTRFuzzing"),
        .systemLibrary(name: "CLibFuzzer", path: "Tests/fuzz/CLibFuzzer"),
        .executableTarget(name: "CTRFuzz", dependencies: ["CLibFuzzer", "CTRFuzzing"], path: "Tests/fuzz/CTRFuzz"),
        .testTarget(name: "FuzzingTests", dependencies: ["CTRFuzzing"], path: "Tests/fuzz/FuzzingTests"),
        .testTarget(name: "ABITests", dependencies: ["CPython", "CTRModels"], exclude: ["CPython"]),
    ]
)
