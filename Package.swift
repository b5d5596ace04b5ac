// swift-tools-version: 6.2

import PackageDescription

// Every target is held to the same rules: Swift 6 mode, explicit `any`, internal imports, no warnings.
let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .treatAllWarnings(as: .error),
]

let package = Package(
    name: "MicroSAM",
    platforms: [.macOS(.v15)],
    products: [
    ],
    dependencies: [
        .package(path: "Shim"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    ],
    targets: [
        .systemLibrary(
            name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),
        .target(name: "Checkpoints", dependencies: ["CZlib"], swiftSettings: strict),
        .testTarget(
            name: "CheckpointsTests", dependencies: ["Checkpoints"],
            resources: [.copy("Fixtures")], swiftSettings: strict),
        .target(name: "Imaging", swiftSettings: strict),
        .target(name: "TestFixtures", path: "Tests/TestFixtures", swiftSettings: strict),
        .testTarget(
            name: "ImagingTests", dependencies: ["Imaging", "TestFixtures"], swiftSettings: strict),
        .target(name: "Evaluation", dependencies: ["Imaging"], swiftSettings: strict),
        .testTarget(
            name: "EvaluationTests", dependencies: ["Evaluation", "Imaging", "TestFixtures"],
            swiftSettings: strict),
        .target(
            name: "Torch", dependencies: [.product(name: "CTorch", package: "Shim")],
            swiftSettings: strict),
        .testTarget(name: "TorchTests", dependencies: ["Torch"], swiftSettings: strict),
        .target(name: "TorchNN", dependencies: ["Checkpoints", "Torch"], swiftSettings: strict),
        .target(
            name: "SegmentAnything", dependencies: ["Checkpoints", "Torch", "TorchNN"],
            swiftSettings: strict),
        .testTarget(
            name: "SegmentAnythingTests",
            dependencies: [
                "Checkpoints", "Imaging", "SegmentAnything", "Segmentation", "TestFixtures",
                "Torch", "TorchNN",
            ],
            swiftSettings: strict),
        .target(
            name: "Segmentation", dependencies: ["Imaging", "SegmentAnything", "Torch"],
            swiftSettings: strict),

        // Image files: codec libraries, the C layer over them, and the readers and writers.
        .systemLibrary(
            name: "CTIFF", path: "Sources/SystemLibraries/CTIFF", pkgConfig: "libtiff-4",
            providers: [.apt(["libtiff-dev"]), .brew(["libtiff"])]),
        .systemLibrary(
            name: "CSPNG", path: "Sources/SystemLibraries/CSPNG", pkgConfig: "spng",
            providers: [.apt(["libspng-dev"]), .brew(["libspng"])]),
        .systemLibrary(
            name: "CTurboJPEG", path: "Sources/SystemLibraries/CTurboJPEG",
            pkgConfig: "libturbojpeg",
            providers: [.apt(["libturbojpeg0-dev"]), .brew(["jpeg-turbo"])]),
        .target(name: "CImageCodecs", dependencies: ["CTIFF", "CSPNG", "CTurboJPEG"]),
        .target(
            name: "ImageFormats", dependencies: ["Imaging", "CImageCodecs"], swiftSettings: strict),
        .testTarget(
            name: "ImageFormatsTests", dependencies: ["ImageFormats", "ImageSamples", "Imaging"],
            swiftSettings: strict),
        .target(name: "ImageSamples", path: "Tests/ImageSamples", swiftSettings: strict),
    ]
)
