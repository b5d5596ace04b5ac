// swift-tools-version: 6.2

import Foundation
import PackageDescription

// The folder of libtorch, with lib/ and include/: the one that LIBTORCH names, or else .libtorch beside this file.
let libtorch =
    ProcessInfo.processInfo.environment["LIBTORCH"].flatMap { $0.isEmpty ? nil : $0 }
    ?? "\(Context.packageDirectory)/.libtorch"

// Every target is held to the same rules: Swift 6 mode, explicit `any`, internal imports, no warnings.
let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .treatAllWarnings(as: .error),
]

/// A library of this package and what it may import; see CONTRIBUTING.md before adding an arrow.
func library(_ name: String, _ dependencies: [Target.Dependency] = [], resources: [Resource] = [])
    -> Target
{
    .target(name: name, dependencies: dependencies, resources: resources, swiftSettings: strict)
}

/// A program of the documentation, which shows the library.
func example(_ name: String) -> Target {
    .executableTarget(
        name: "example-\(name)",
        dependencies: ["MicroSAM"],
        path: "Examples/\(name)",
        swiftSettings: strict
    )
}

/// The tests of a library.
func tests(_ name: String, _ dependencies: [Target.Dependency], resources: [Resource] = [])
    -> Target
{
    .testTarget(
        name: "\(name)Tests",
        dependencies: [.byName(name: name)] + dependencies,
        resources: resources,
        swiftSettings: strict
    )
}

/// A C library of the system.
func system(_ name: String, _ pkgConfig: String, apt: String, brew: String) -> Target {
    .systemLibrary(
        name: name,
        path: "Sources/SystemLibraries/\(name)",
        pkgConfig: pkgConfig,
        providers: [.apt([apt]), .brew([brew])]
    )
}

let package = Package(
    name: "MicroSAM",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "usam", targets: ["usam"]),
        .library(name: "MicroSAM", targets: ["MicroSAM"]),
        // What `usam` opens beside itself when it first needs libtorch. Other programs have it in themselves.
        .library(name: "MicroSAMTorch", type: .dynamic, targets: ["CTorchLibrary"]),
        // Useful without the networks, and without libtorch.
        .library(name: "Imaging", targets: ["Imaging"]),
        .library(name: "ImageFormats", targets: ["ImageFormats"]),
        .library(name: "Zarr", targets: ["Zarr"]),
        .library(name: "Checkpoints", targets: ["Checkpoints"]),
        .library(name: "Evaluation", targets: ["Evaluation"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
    ],
    targets: [
        // Libraries of the system.
        system("CZlib", "zlib", apt: "zlib1g-dev", brew: "zlib"),
        system("CXXHash", "libxxhash", apt: "libxxhash-dev", brew: "xxhash"),
        system("CTIFF", "libtiff-4", apt: "libtiff-dev", brew: "libtiff"),
        system("CSPNG", "spng", apt: "libspng-dev", brew: "libspng"),
        system("CTurboJPEG", "libturbojpeg", apt: "libturbojpeg0-dev", brew: "jpeg-turbo"),
        system("CZstd", "libzstd", apt: "libzstd-dev", brew: "zstd"),
        // Without a description for pkg-config: Debian has none of it.
        .systemLibrary(
            name: "CBZip2",
            path: "Sources/SystemLibraries/CBZip2",
            providers: [.apt(["libbz2-dev"]), .brew(["bzip2"])]
        ),
        system("CBlosc", "blosc", apt: "libblosc-dev", brew: "c-blosc"),
        system("CHDF5", "hdf5", apt: "libhdf5-dev", brew: "hdf5"),
        system("COpenSlide", "openslide", apt: "libopenslide-dev", brew: "openslide"),

        // Files of all kinds: what the rest rests on.
        library("Files", ["CXXHash", "CZlib"]),

        // Images.
        library("Imaging"),
        library("Prompting", ["Files", "Imaging"]),
        .target(
            name: "CImageCodecs",
            dependencies: [
                "CTIFF", "CSPNG", "CTurboJPEG", "CZlib", "CZstd", "CBZip2", "CBlosc", "CHDF5",
                "COpenSlide",
            ],
            linkerSettings: [.linkedLibrary("bz2")]
        ),
        library("Zarr", ["CImageCodecs", "Files"]),
        library("ImageFormats", ["CImageCodecs", "Files", "Imaging", "Prompting", "Zarr"]),
        // Opens the solver of integer programmes when it is first needed; its header says why.
        .target(name: "CIntegerSolver"),
        library("Tracking", ["CIntegerSolver", "Imaging"]),
        library("TrackFiles", ["Files", "ImageFormats", "Imaging", "Plots", "Tracking", "Zarr"]),
        library("Evaluation", ["Imaging", "Tracking"]),
        library("Plots"),
        library("Volumes", ["Imaging", "Prompting"]),

        // Networks.
        library("Checkpoints", ["Files"]),
        library(
            "ModelZoo",
            ["Checkpoints", "Files"],
            resources: [.copy("Resources/usam-tiny.safetensors")]
        ),
        // The C interface of libtorch: declarations, and what finds their implementation.
        .target(name: "CTorch"),
        // The implementation, the only code that sees libtorch. It takes the declarations from the folder of CTorch:
        // with an arrow, the library would hold a second copy of what finds it.
        .target(
            name: "CTorchLibrary",
            cxxSettings: [
                .headerSearchPath("../CTorch/include"),
                .define("CTORCH_LIBRARY"),
                .unsafeFlags([
                    "-O3", "-std=c++20", "-fvisibility=hidden", "-Wall", "-Wextra",
                    "-isystem\(libtorch)/include",
                    "-isystem\(libtorch)/include/torch/csrc/api/include",
                ]),
            ],
            linkerSettings: [
                .linkedLibrary("torch_cpu"),
                .linkedLibrary("c10"),
                .unsafeFlags([
                    "-L\(libtorch)/lib", "-Xlinker", "-rpath", "-Xlinker", "\(libtorch)/lib",
                ]),
                // Another libtorch that lacks something is found out when the library is opened.
                .unsafeFlags(["-Xlinker", "-z", "-Xlinker", "now"], .when(platforms: [.linux])),
            ]
        ),
        // Makes the implementation a part of the program that is linked with it.
        .target(name: "CTorchLinked", dependencies: ["CTorch", "CTorchLibrary"]),
        library("Torch", ["CTorch"]),
        library("TorchNN", ["Checkpoints", "Torch"]),
        library("SegmentAnything", ["Checkpoints", "Prompting", "Torch", "TorchNN"]),
        library("Trackastra", ["Checkpoints", "Files", "Imaging", "Torch", "TorchNN", "Tracking"]),
        library(
            "Segmentation",
            [
                "Checkpoints", "Files", "Imaging", "Prompting", "SegmentAnything", "Torch",
                "TorchNN", "Zarr",
            ]
        ),
        library(
            "Training",
            [
                "Checkpoints", "Evaluation", "Files", "ImageFormats", "Imaging", "ModelZoo",
                "Plots", "Prompting", "SegmentAnything", "Segmentation", "Torch", "TorchNN",
            ]
        ),

        library(
            "Jobs",
            [
                "Checkpoints", "Files", "ImageFormats", "Imaging", "ModelZoo", "Plots", "Prompting",
                "SegmentAnything", "Segmentation", "Torch", "TrackFiles", "Trackastra", "Tracking",
                "Volumes", "Zarr",
            ]
        ),
        library(
            "Judging",
            [
                "Evaluation", "Files", "ImageFormats", "Imaging", "Plots", "Prompting",
                "SegmentAnything", "Segmentation", "TrackFiles", "Tracking",
            ]
        ),

        // Annotations and their server.
        library(
            "Annotations",
            [
                "CImageCodecs", "Files", "ImageFormats", "Imaging", "Prompting", "TrackFiles",
                "Tracking",
                .product(name: "GRDB", package: "GRDB.swift"),
            ]
        ),
        .target(
            name: "WebClient",
            dependencies: ["Files"],
            path: "Clients",
            sources: ["WebClient.swift"],
            resources: [.copy("web")],
            swiftSettings: strict
        ),
        library(
            "AnnotationServer",
            [
                "Annotations", "Files", "ImageFormats", "Imaging", "Prompting", "TrackFiles",
                "Tracking", "Volumes", "WebClient",
                .product(name: "Hummingbird", package: "hummingbird"),
            ]
        ),

        // The annotator with its models and its training.
        library(
            "Annotator",
            [
                "AnnotationServer", "Annotations", "Files", "ImageFormats", "Imaging", "Jobs",
                "ModelZoo", "Prompting", "Segmentation", "Torch", "Training",
            ]
        ),

        // What programs print.
        library("Terminal"),
        library(
            "Presentation",
            [
                "Checkpoints", "Evaluation", "Files", "ImageFormats", "Imaging", "Jobs", "Judging",
                "ModelZoo", "Prompting", "SegmentAnything", "Segmentation", "Terminal", "Torch",
                "Training", "Volumes",
            ]
        ),

        // The program, and the library for programs of others.
        library(
            "UsamCommands",
            [
                "AnnotationServer", "Annotations", "Annotator", "Checkpoints", "Evaluation",
                "Files",
                "ImageFormats", "Imaging", "Jobs", "Judging", "ModelZoo", "Presentation",
                "Prompting", "SegmentAnything", "Segmentation", "Terminal", "Torch", "TrackFiles",
                "Trackastra", "Tracking", "Training", "Volumes", "WebClient", "Zarr",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]
        ),
        .target(name: "CStartup"),
        .executableTarget(
            name: "usam",
            dependencies: ["CStartup", "UsamCommands"],
            swiftSettings: strict
        ),
        library(
            "MicroSAM",
            [
                "CTorchLinked", "Checkpoints", "Evaluation", "ImageFormats", "Imaging", "Jobs",
                "Judging", "ModelZoo", "Prompting", "SegmentAnything", "Segmentation", "Torch",
                "TrackFiles", "Trackastra", "Tracking", "Training", "Volumes",
            ]
        ),

        // The programs of docs/library.md.
        example("segment"),
        example("prompt"),
        example("train"),
        example("evaluate"),
        example("track"),

        // Programs for the development.
        .executableTarget(
            name: "fuzz-checkpoints",
            dependencies: ["Checkpoints", "Files"],
            swiftSettings: strict
        ),
        .executableTarget(
            name: "fuzz-images",
            dependencies: ["Files", "ImageFormats", "ImageSamples", "Imaging", "Zarr"],
            swiftSettings: strict
        ),

        .executableTarget(
            name: "fuzz-prompts",
            dependencies: ["ImageFormats", "Imaging", "Prompting"],
            swiftSettings: strict
        ),

        .executableTarget(
            name: "fuzz-projects",
            dependencies: [
                "AnnotationSamples", "Annotations", "Files", "Imaging", "Prompting",
                .product(name: "GRDB", package: "GRDB.swift"),
            ],
            swiftSettings: strict
        ),
        .executableTarget(
            name: "random-annotator",
            dependencies: ["AnnotationSamples", "Annotations", "Files", "Imaging"],
            swiftSettings: strict
        ),

        .executableTarget(
            name: "compare-mergers",
            dependencies: ["Evaluation", "ImageFormats", "Imaging", "Prompting", "Volumes"],
            path: "Benchmarks/volumes",
            swiftSettings: strict
        ),

        // Tests.
        .target(name: "TestFixtures", path: "Tests/TestFixtures", swiftSettings: strict),
        .target(name: "HDF5Writing", dependencies: ["CHDF5"], path: "Tests/HDF5Writing"),
        .target(
            name: "ImageSamples",
            dependencies: ["HDF5Writing"],
            path: "Tests/ImageSamples",
            swiftSettings: strict
        ),
        .target(
            name: "JobSamples",
            dependencies: [
                "Checkpoints", "Files", "ImageFormats", "Imaging", "Jobs", "ModelZoo", "Prompting",
                "Segmentation",
            ],
            path: "Tests/JobSamples",
            swiftSettings: strict
        ),
        tests("Files", []),
        tests("Imaging", ["TestFixtures"], resources: [.copy("Fixtures")]),
        tests("Zarr", ["Files"]),
        tests(
            "ImageFormats",
            ["Files", "ImageSamples", "Imaging", "Prompting", "TestFixtures", "Zarr"],
            resources: [
                .copy("IndependentReaders/check.py"), .copy("IndependentReaders/write.py"),
            ]
        ),
        tests("Tracking", ["ImageFormats", "Imaging", "TestFixtures"]),
        tests(
            "TrackFiles",
            ["Files", "ImageFormats", "Imaging", "TestFixtures", "Tracking", "Zarr"],
            resources: [.copy("IndependentReaders/check_tracks.py")]
        ),
        tests(
            "Trackastra",
            [
                "Checkpoints", "Files", "ImageFormats", "Imaging", "TestFixtures", "Torch",
                "TorchNN",
                "Tracking",
            ]
        ),
        tests(
            "Evaluation",
            ["ImageFormats", "Imaging", "TestFixtures", "TrackFiles", "Tracking"],
            resources: [.copy("Golden")]
        ),
        tests("Plots", []),
        tests("Volumes", ["ImageFormats", "Imaging", "Prompting", "TestFixtures"]),
        tests("Terminal", []),
        tests(
            "Prompting",
            ["Imaging", "TestFixtures"],
            resources: [.copy("IndependentReaders/schema.py")]
        ),
        tests("Checkpoints", ["Files"], resources: [.copy("Fixtures")]),
        tests("ModelZoo", ["Checkpoints", "Files"]),
        tests(
            "Segmentation",
            [
                "Checkpoints", "Evaluation", "Files", "ImageFormats", "Imaging", "JobSamples",
                "Prompting", "SegmentAnything", "TestFixtures", "Torch", "Volumes", "Zarr",
            ],
            resources: [.copy("Peer/exchange.py"), .copy("Fixtures")]
        ),
        .target(
            name: "AnnotationSamples",
            dependencies: ["Annotations", "Imaging", "Prompting"],
            path: "Tests/AnnotationSamples",
            swiftSettings: strict
        ),
        tests(
            "Annotations",
            [
                "random-annotator", "AnnotationSamples", "Files", "ImageFormats", "ImageSamples",
                "Imaging", "Prompting", "TrackFiles", "Tracking",
            ],
            resources: [.copy("Fixtures")]
        ),
        tests(
            "AnnotationServer",
            [
                "Annotations", "Files", "ImageFormats", "Imaging", "Prompting", "TrackFiles",
                "Tracking",
                .product(name: "HummingbirdTesting", package: "hummingbird"),
            ]
        ),
        tests("Torch", []),
        tests(
            "Training",
            [
                "Checkpoints", "Files", "ImageFormats", "Imaging", "JobSamples", "ModelZoo",
                "Prompting", "SegmentAnything", "Segmentation", "TestFixtures", "Torch", "TorchNN",
            ],
            resources: [.copy("Peer/check.py"), .copy("Fixtures")]
        ),
        tests(
            "SegmentAnything",
            [
                "Checkpoints", "Imaging", "Prompting", "Segmentation", "TestFixtures", "Torch",
                "TorchNN",
            ]
        ),
        tests(
            "Jobs",
            [
                "Files", "ImageFormats", "Imaging", "JobSamples", "Prompting", "SegmentAnything",
                "Segmentation", "Tracking", "Volumes",
            ],
            resources: [.copy("Fixtures")]
        ),
        tests(
            "Judging",
            ["Evaluation", "Files", "ImageFormats", "Imaging", "Prompting", "Segmentation"]
        ),
        tests(
            "UsamCommands",
            [
                "usam", "AnnotationSamples", "AnnotationServer", "Annotations", "Annotator",
                "Checkpoints", "Evaluation", "Files", "ImageFormats", "Imaging", "JobSamples",
                "Jobs", "Judging",
                "ModelZoo", "Prompting", "SegmentAnything", "Segmentation", "Terminal",
                "TestFixtures", "Torch", "TrackFiles", "Tracking", "Training",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]
        ),
        tests(
            "MicroSAM",
            [
                "usam", "example-evaluate", "example-prompt", "example-segment", "example-track",
                "example-train",
                "Checkpoints", "ImageFormats", "Imaging", "JobSamples", "Prompting",
            ]
        ),
    ],
    cxxLanguageStandard: .cxx20
)
