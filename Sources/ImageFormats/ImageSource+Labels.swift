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
                "a label image has one channel, this one has \(raster.channels)",
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
            throw ImageFormatError(
                .invalidPixels,
                path: url.path,
                "some values of the label image are not whole numbers from 0 to \(UInt32.max)",
                advice: "give the label image, not a probability map"
            )
        }
        do {
            return try LabelImage(size: raster.size, labels: labels)
        } catch {
            throw ImageFormatError(.invalidPixels, path: url.path, "\(error)")
        }
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
