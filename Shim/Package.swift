// swift-tools-version: 6.2

import Foundation
import PackageDescription

// The only code that sees libtorch. It is a package of its own with a dynamic library as product, so
// that it can be built alone against another libtorch (CUDA, say) and put in place of this one.
let environment = ProcessInfo.processInfo.environment
let local = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent(".libtorch").path
let libtorch = environment["LIBTORCH"].flatMap { $0.isEmpty ? nil : $0 } ?? local

// A build of libtorch for CUDA brings these libraries; linking them registers the device.
let accelerators = ["torch_cuda", "c10_cuda"].filter {
    FileManager.default.fileExists(atPath: "\(libtorch)/lib/lib\($0).so")
}

let package = Package(
    name: "Shim",
    products: [.library(name: "CTorch", type: .dynamic, targets: ["CTorch"])],
    targets: [
        .target(
            name: "CTorch",
            cxxSettings: [
                .unsafeFlags([
                    "-O3", "-std=c++20", "-fvisibility=hidden", "-Wall", "-Wextra",
                    "-isystem\(libtorch)/include",
                    "-isystem\(libtorch)/include/torch/csrc/api/include",
                ])
            ],
            linkerSettings: [
                .unsafeFlags([
                    "-L\(libtorch)/lib", "-ltorch_cpu", "-lc10", "-Xlinker", "-rpath", "-Xlinker",
                    "\(libtorch)/lib",
                ]),
                .unsafeFlags(
                    accelerators.isEmpty
                        ? [] : ["-Xlinker", "--no-as-needed"] + accelerators.map { "-l\($0)" },
                    .when(platforms: [.linux])
                ),
            ]
        )
    ],
    cxxLanguageStandard: .cxx20
)
