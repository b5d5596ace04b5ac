import CImageCodecs
import Imaging

/// A whole-slide image that is open: the owner of the C handle.
final class Slide: Sendable {
    /// A resolution level.
    struct Level: Sendable {
        let size: Size
        /// How many times smaller than level 0.
        let downsample: Double
    }

    let levels: [Level]

    /// Levels that the slide has and that are not read.
    let unusedLevelCount: Int

    // Safe because this object alone holds the pointer and frees it when it ends, and OpenSlide lets
    // several threads read from one handle.
    private nonisolated(unsafe) let handle: OpaquePointer
    private let path: String

    init(_ path: String) throws(ImageFormatError) {
        // Safe because the handle is freed where it is not kept.
        guard let handle = mic_slide_open(path) else {
            throw ImageFormatError(.cannotOpen, path: path, "the slide cannot be opened")
        }
        func property(_ name: String) -> String? {
            mic_slide_property(handle, name).map { String(cString: $0) }
        }
        var levels: [Level] = []
        let levelCount = max(0, mic_slide_levels(handle))
        for index in 0..<levelCount {
            var (width, height, downsample): (Int64, Int64, Double) = (0, 0, 0)
            guard mic_slide_level(handle, index, &width, &height, &downsample) == 0 else { break }
            let size = Size(width: Int(width), height: Int(height))
            // Some versions of OpenSlide with some of libtiff decode wrongly what is narrower than a
            // tile.
            let tile = property("openslide.level[\(index)].tile-width").flatMap { Int($0) } ?? 0
            guard index == 0 || size.width >= tile else { break }
            levels.append(Level(size: size, downsample: downsample))
        }
        guard !levels.isEmpty, mic_slide_message(handle) == nil else {
            defer { mic_slide_free(handle) }
            throw slideFailure(handle, path)
        }
        self.handle = handle
        self.levels = levels
        unusedLevelCount = Int(levelCount) - levels.count
        self.path = path
    }

    deinit { mic_slide_free(handle) }

    /// The vendor, such as `aperio`; nil if the file is no slide.
    static func vendor(of path: String) -> String? {
        mic_slide_vendor(path).map { String(cString: $0) }
    }

    /// A property that is a positive number.
    func number(_ name: String) -> Double? {
        property(name).flatMap { Double($0) }.flatMap { $0.isFinite && $0 > 0 ? $0 : nil }
    }

    /// The colour of what was not scanned.
    var background: [UInt8] {
        let code = property("openslide.background-color").flatMap { UInt32($0, radix: 16) }
        return [16, 8, 0].map { UInt8(truncatingIfNeeded: (code ?? 0xFFFFFF) >> $0) }
    }

    private func property(_ name: String) -> String? {
        mic_slide_property(handle, name).map { String(cString: $0) }
    }

    /// Reads a region of a level as red, green and blue.
    ///
    /// - Parameters:
    ///   - argb: Room for four bytes of each pixel.
    ///   - pixels: Room for three.
    func read(
        _ region: Region,
        level: Int,
        _ background: [UInt8],
        _ argb: UnsafeMutableRawBufferPointer,
        into pixels: UnsafeMutableRawBufferPointer
    ) throws(ImageFormatError) {
        // Safe because callers give room for all pixels of the region.
        let downsample = levels[level].downsample
        let code = mic_slide_read(
            handle,
            Int64((Double(region.x) * downsample).rounded()),
            Int64((Double(region.y) * downsample).rounded()),
            Int32(level),
            Int64(region.width),
            Int64(region.height),
            background,
            argb.bindMemory(to: UInt32.self).baseAddress,
            pixels.bindMemory(to: UInt8.self).baseAddress
        )
        guard code == 0 else { throw slideFailure(handle, path) }
    }
}

// Safe because the caller, who owns the handle, has not closed it.
private func slideFailure(_ handle: OpaquePointer, _ path: String) -> ImageFormatError {
    let reason = mic_slide_message(handle).map { String(cString: $0) } ?? "no level"
    return ImageFormatError(
        .damaged,
        path: path,
        "the slide cannot be read: \(reason)",
        advice: "the file is cut short or damaged, or files that belong to it are missing"
    )
}
