public import Imaging
public import Prompting

extension PixelSource {
    /// What is said of pixels that are far brighter or darker than all others; nil if there are none.
    ///
    /// - Parameter file: The file that the pixels are of.
    /// - Throws: What reading throws; `ImagingError.notFinite`.
    public func outlierNote(_ file: String) throws -> FileNote? {
        try IntensityRanges.outlier(in: self).map { FileNote(file, .outlyingPixels($0)) }
    }
}
