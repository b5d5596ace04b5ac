import Foundation
import ImageFormats
import Imaging
import JobSamples
import Prompting

/// A kind of image that every door has to treat alike.
enum ImageKind: String, CaseIterable, Sendable {
    case grey8, grey16, float, rgb, rgba, rgb16, greyAlpha, twoChannels, fourChannels, planeOfStack
    /// Objects of 10 pixels, which the model sees enlarged.
    case small
    /// Objects of 100 pixels.
    case large
    /// Longer than 1536 pixels, with objects of 10, 30 and 100 pixels.
    case wideSmall, wideMiddle, wideLarge
    /// Joined from its tiles.
    case joined, joinedSmall

    /// The kinds that stand for all in a short run.
    static let few: [ImageKind] = [
        .grey16, .rgba, .planeOfStack, .small, .joined, .rgb, .rgb16, .greyAlpha, .twoChannels,
        .fourChannels,
    ]

    fileprivate var size: Size {
        switch self {
        case .small, .joinedSmall: Size(width: 200, height: 100)
        case .large: Size(width: 600, height: 420)
        case .wideSmall: Size(width: 1540, height: 80)
        case .wideMiddle: Size(width: 1540, height: 150)
        case .wideLarge: Size(width: 1540, height: 220)
        case .joined: Size(width: 400, height: 200)
        default: Size(width: 320, height: 220)
        }
    }

    fileprivate var radius: Double {
        switch self {
        case .small, .wideSmall, .joinedSmall: 5
        case .large, .wideLarge: 50
        default: 15
        }
    }

    /// Which plane of the file is meant.
    var selection: PlaneSelection {
        switch self {
        case .twoChannels: PlaneSelection(channels: [1, 0])
        case .fourChannels: PlaneSelection(channels: [2])
        case .planeOfStack: PlaneSelection(z: 1)
        default: PlaneSelection()
        }
    }

    /// How the image is divided.
    var tiling: TilingChoice {
        switch self {
        case .joined:
            .always(
                TilingOptions(
                    tileShape: Size(width: 240, height: 200),
                    halo: Size(width: 32, height: 32)
                )
            )
        case .joinedSmall: .objects(diameter: 10)
        default: .automatic
        }
    }

    /// From which size on the image is joined from its tiles.
    var limits: PlanningLimits {
        switch self {
        case .joined, .joinedSmall: PlanningLimits(joinedPixels: 1)
        default: .machine
        }
    }

    /// What says the same on the command line.
    var arguments: [String] {
        switch self {
        case .twoChannels: ["--channel", "1,0"]
        case .fourChannels: ["--channel", "2"]
        case .planeOfStack: ["--z", "1"]
        case .joined: ["--tile-shape", "200,240", "--halo", "32,32", "--join-from", "1"]
        case .joinedSmall: ["--diameter", "10", "--join-from", "1"]
        default: []
        }
    }
}

extension PlaneSelection {
    fileprivate init(channels: [Int]) {
        self.init()
        self.channels = channels.map { .number($0) }
    }
}

/// An image of a kind with the labels of its simulation, as files.
struct DoorImage: Sendable {
    let kind: ImageKind

    /// The folder of the files, and of results.
    let place: Workplace

    /// The image.
    let file: String

    /// An image without stacks, which a model is judged by.
    let single: String

    /// Labels of some objects.
    let truth: String

    /// Writes the files.
    init(_ kind: ImageKind) throws {
        self.kind = kind
        place = try Workplace()
        let folder = place.path("images")
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        file = try DoorImage.write(kind, to: folder + "/cells")
        single = kind == .planeOfStack ? folder + "/single.tif" : file
        truth = place.path("truth.tif")
        if kind == .planeOfStack {
            try AnyRaster.uint16(Self.scene(kind, seed: 1)).writeTIFF(to: URL(filePath: single))
        }
        var simulator = NucleiSimulator(size: kind.size, seed: 0)
        simulator.meanRadius = kind.radius
        try simulator.simulate().labels.writeTIFF(to: URL(filePath: truth))
    }

    /// Simulated nuclei.
    private static func scene(_ kind: ImageKind, seed: UInt64) throws -> Raster<UInt16> {
        var simulator = NucleiSimulator(size: kind.size, seed: seed)
        simulator.meanRadius = kind.radius
        simulator.clustering = 0
        simulator.defocus = 0
        return try simulator.simulate().image
    }

    private static func write(_ kind: ImageKind, to stem: String) throws -> String {
        let scenes = try (0..<4).map { try scene(kind, seed: $0) }
        func bytes(_ scene: Raster<UInt16>) -> AnyRaster {
            let highest = Int(scene.samples.max() ?? 1)
            return .uint8(scene.map { UInt8(Int($0) * 255 / highest) })
        }
        func png(_ channels: [AnyRaster]) throws -> String {
            try AnyRaster(channels: channels).writePNG(to: URL(filePath: stem + ".png"))
            return stem + ".png"
        }
        func tiff(_ axes: ImageAxes, _ planes: [Raster<UInt16>]) throws -> String {
            let url = URL(filePath: stem + ".tif")
            var writer = try TIFFWriter(creating: url, axes: axes, sampleType: .uint16)
            for plane in planes { try writer.append(.uint16(plane)) }
            try writer.finish()
            return url.path
        }
        let (width, height) = (kind.size.width, kind.size.height)
        // Opacity that hides most, so that nobody could miss that it takes part.
        var opacity = Raster<UInt8>(repeating: 255, size: kind.size)
        for pixel in opacity.samples.indices where pixel % width < width / 2 {
            opacity.samples[pixel] = UInt8(pixel / width * 7 % 256)
        }
        switch kind {
        case .grey8: return try png([bytes(scenes[0])])
        case .rgb: return try png(scenes[..<3].map(bytes))
        case .rgba: return try png(scenes[..<3].map(bytes) + [.uint8(opacity)])
        case .greyAlpha: return try png([bytes(scenes[0]), .uint8(opacity)])
        case .rgb16: return try png(scenes[..<3].map { .uint16($0) })
        case .float:
            let values = scenes[0].map { Float($0) * 0.0137 - 3.5 }
            try AnyRaster.float32(values).writeTIFF(to: URL(filePath: stem + ".tif"))
            return stem + ".tif"
        case .twoChannels:
            return try tiff(ImageAxes(c: 2, y: height, x: width), Array(scenes[..<2]))
        case .fourChannels: return try tiff(ImageAxes(c: 4, y: height, x: width), scenes)
        case .planeOfStack:
            return try tiff(ImageAxes(z: 3, y: height, x: width), Array(scenes[..<3]))
        default: return try tiff(ImageAxes(y: height, x: width), [scenes[0]])
        }
    }
}
