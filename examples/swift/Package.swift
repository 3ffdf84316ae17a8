// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "ClickModel",
    // In a package of your own: .package(url: "<the repository>", branch: "main")
    dependencies: [.package(name: "CTRModels", path: "../..")],
    targets: [
        .executableTarget(name: "ClickModel", dependencies: [.product(name: "CTRModels", package: "CTRModels")])
    ]
)
