import Files
import Foundation
import ImageFormats
import Imaging
import Jobs

/// A folder of its own for one test; removed with this value.
public final class Workplace: Sendable {
    /// Where it lies.
    public let folder: String

    /// Makes an empty folder.
    public init() throws {
        folder = NSTemporaryDirectory() + "usam-tests-\(UUID().uuidString)"
        try FileManager.default.createDirectory(
            atPath: folder,
            withIntermediateDirectories: true
        )
    }

    deinit {
        do {
            try FileManager.default.removeItem(atPath: folder)
        } catch {
            print("the test folder \(folder) stays behind: \(error)")
        }
    }

    /// The path of a file in it.
    public func path(_ name: String) -> String { "\(folder)/\(name)" }

    /// Writes bytes, and makes the folder they lie in.
    @discardableResult
    public func write(_ bytes: [UInt8] = [], to name: String) throws -> String {
        let url = URL(filePath: path(name))
        try FileManager.default.createDirectory(
            at: url.deletingLastPathComponent(),
            withIntermediateDirectories: true
        )
        try Data(bytes).write(to: url)
        return path(name)
    }

    /// Writes a dark image with two bright rectangles, as TIFF or PNG by its name.
    @discardableResult
    public func writeImage(_ name: String, width: Int = 61, height: Int = 40) throws -> String {
        var image = Raster<UInt8>(repeating: 10, size: Size(width: width, height: height))
        for y in 5..<15 {
            for x in 8..<20 { image[x: x, y: y] = 200 }
            for x in 30..<50 { image[x: x, y: y + 15] = 180 }
        }
        try write(to: name)
        let url = URL(filePath: path(name))
        if name.hasSuffix(".png") {
            try AnyRaster.uint8(image).writePNG(to: url)
        } else {
            try AnyRaster.uint8(image).writeTIFF(to: url)
        }
        return path(name)
    }

    /// The names of all files below a folder, sorted.
    public func files(in name: String = "") throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: path(name))
            .filter { FileStatus(of: path(name.isEmpty ? $0 : "\(name)/\($0)"))?.isFolder == false }
            .sorted()
    }
}
