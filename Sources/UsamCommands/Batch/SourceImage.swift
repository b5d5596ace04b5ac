import Foundation
package import ImageFormats
package import Imaging

/// A plane of an image file, ready to be segmented.
package struct SourceImage {
    /// The pixels as stored, without opacity.
    package let raster: AnyRaster

    /// What looks odd.
    package let warnings: [String]

    /// Size of a pixel, to be handed on to the result.
    package let physicalSize: PhysicalSize

    /// The longest side of the model's input.
    private static let modelSide = 1024

    /// Reads a plane.
    ///
    /// - Throws: `ImageFormatError`, or ``CommandFailure`` if nothing can be found in the image:
    ///   it is constant, or far longer than wide.
    package init(reading file: String, _ selection: PlaneSelection, keepsOpacity: Bool = false)
        throws
    {
        let source = try ImageSource(
            opening: URL(filePath: file),
            options: selection.sourceOptions
        )
        let description = source.description
        let plane = try selection.plane(
            of: description.axes,
            channelNames: description.channelNames,
            file: file
        )
        let size = Size(width: description.axes.x, height: description.axes.y)
        try Self.requireUsefulShape(size, file: file)
        let stored = try source.read(plane)
        raster =
            keepsOpacity || description.colorModel != .greyAlpha ? stored : stored.firstChannel()
        physicalSize = description.physicalSize
        warnings = Self.warnings(for: size)
    }

    private static func requireUsefulShape(_ size: Size, file: String) throws {
        let shorter = min(size.width, size.height)
        guard size.longestSide <= 64 * shorter else {
            throw CommandFailure(
                "\(file): an image of \(size) pixels is too elongated: the model sees it with "
                    + "\(modelSide) pixels on the longer side, which leaves fewer than 16 on the "
                    + "other; cut it into pieces"
            )
        }
    }

    private static func warnings(for size: Size) -> [String] {
        guard size.longestSide > 4 * modelSide else { return [] }
        return [
            "the image of \(size) pixels is reduced to \(modelSide) pixels on the longer side, so "
                + "small objects may be missed; cut it into pieces of about \(modelSide) pixels"
        ]
    }

    /// The pixels as the model expects them: three channels, stretched to 0...255.
    ///
    /// - Throws: ``CommandFailure`` if all pixels are equal, ``ImagingError`` if some are not finite.
    package func prepared(file: String) throws -> Raster<UInt8> {
        let prepared: Raster<UInt8>
        do {
            prepared = try raster.normalizedRGB()
        } catch {
            throw CommandFailure("\(file): \(error)")
        }
        guard prepared.samples.contains(where: { $0 != 0 }) else {
            throw CommandFailure(
                "\(file): all pixels have the same value, so there is nothing to segment; "
                    + "check the exposure, or whether another channel or slice is meant"
            )
        }
        return prepared
    }
}

extension AnyRaster {
    /// The first of several channels.
    package func firstChannel() -> AnyRaster {
        switch self {
        case .uint8(let raster): .uint8(raster.firstChannel())
        case .int8(let raster): .int8(raster.firstChannel())
        case .uint16(let raster): .uint16(raster.firstChannel())
        case .int16(let raster): .int16(raster.firstChannel())
        case .uint32(let raster): .uint32(raster.firstChannel())
        case .int32(let raster): .int32(raster.firstChannel())
        case .uint64(let raster): .uint64(raster.firstChannel())
        case .int64(let raster): .int64(raster.firstChannel())
        case .float32(let raster): .float32(raster.firstChannel())
        case .float64(let raster): .float64(raster.firstChannel())
        }
    }
}

extension Raster {
    fileprivate func firstChannel() -> Raster {
        guard channels > 1 else { return self }
        return Raster(
            unchecked: size,
            samples: stride(from: 0, to: samples.count, by: channels).map { samples[$0] }
        )
    }
}
