import Foundation
public import Imaging

extension ImageSource {
    /// Reads one plane, or a part of it, as an instance segmentation.
    ///
    /// Open the file with ``Options/ColorConversion/asStored``, so that palettes and inverted displays
    /// do not change the labels.
    ///
    /// - Throws: ``ImageFormatError`` of kind `invalidPixels` if pixels have several channels, or a
    ///   value is no label: negative, beyond 32 bits, or not whole.
    public func readLabels(
        _ plane: PlaneIndex = PlaneIndex(),
        region: Region? = nil
    ) throws(ImageFormatError) -> LabelImage {
        let raster = try read(plane, region: region)
        guard raster.channels == 1 else {
            throw ImageFormatError(
                .invalidPixels,
                path: url.path,
                "a label image has one channel, but this one has \(raster.channels)",
                advice: "give the label image, not a picture of it"
            )
        }
        let labels: [UInt32]? =
            switch raster {
            case .uint8(let raster): raster.samples.map { UInt32($0) }
            case .uint16(let raster): raster.samples.map { UInt32($0) }
            case .uint32(let raster): raster.samples
            case .int8(let raster): exactLabels(raster.samples)
            case .int16(let raster): exactLabels(raster.samples)
            case .int32(let raster): exactLabels(raster.samples)
            case .int64(let raster): exactLabels(raster.samples)
            case .uint64(let raster): exactLabels(raster.samples)
            case .float32(let raster): exactLabels(raster.samples.map { Double($0) })
            case .float64(let raster): exactLabels(raster.samples)
            }
        guard let labels else {
            throw noLabels(raster)
        }
        do {
            return try LabelImage(size: raster.size, labels: labels)
        } catch {
            throw ImageFormatError(.invalidPixels, path: url.path, "\(error)")
        }
    }
}

extension ImageSource {
    /// What is wrong with values that are no labels, and what helps.
    private func noLabels(_ raster: AnyRaster) -> ImageFormatError {
        if case .uint64(let raster) = raster, raster.samples.contains(.max) {
            return ImageFormatError(
                .invalidPixels,
                path: url.path,
                "the label image holds \(UInt64.max), but labels are at most \(UInt32.max)",
                advice: "if this is a background of -1, replace it by 0 and save the image again"
            )
        }
        let values: [Double] =
            switch raster {
            case .int64(let raster): raster.samples.map { Double($0) }
            case .uint64(let raster): raster.samples.map { Double($0) }
            case .float64(let raster): raster.samples
            default: raster.floats().samples.map { Double($0) }
            }
        func error(_ problem: String, _ advice: String) -> ImageFormatError {
            ImageFormatError(.invalidPixels, path: url.path, problem, advice: advice)
        }
        if let value = values.first(where: { !$0.isFinite || $0 != $0.rounded() }) {
            return error(
                "the label image holds \(value), but labels are whole numbers",
                "give the label image, not a probability map"
            )
        }
        let (least, greatest) = (values.min() ?? 0, values.max() ?? 0)
        if least < 0 {
            let isOne = least == -1
            return error(
                "the label image holds \(Self.whole(least)), but labels count from 0, the background",
                isOne
                    ? "if -1 is the background, add 1 to all values and save the image again"
                    : "replace the negative values by 0 and save the image again"
            )
        }
        return error(
            "the label image holds \(Self.whole(greatest)), but labels are at most \(UInt32.max)",
            "number the objects from 1 and save the image again, for example with "
                + "skimage.segmentation.relabel_sequential"
        )
    }

    private static func whole(_ value: Double) -> String {
        Int(exactly: value).map { "\($0)" } ?? "\(value)"
    }
}

/// The values as labels; nil if one does not fit.
private func exactLabels(_ values: [some BinaryInteger]) -> [UInt32]? {
    let labels = values.compactMap { UInt32(exactly: $0) }
    return labels.count == values.count ? labels : nil
}

private func exactLabels(_ values: [Double]) -> [UInt32]? {
    let labels = values.compactMap { UInt32(exactly: $0) }
    return labels.count == values.count ? labels : nil
}
