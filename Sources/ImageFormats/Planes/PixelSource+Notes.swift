public import Imaging
public import Prompting

extension PixelSource {
    /// What is said of the pixels of a file: that some are far brighter or darker than all others, and that
    /// single precision loses their differences.
    ///
    /// - Parameters:
    ///   - file: The file that the pixels are of.
    ///   - normalization: How they are stretched; percentiles leave out what is far brighter or darker.
    /// - Throws: What reading throws; `ImagingError.notFinite`.
    public func intensityNotes(_ file: String, _ normalization: Normalization) throws -> [FileNote]
    {
        let precision = try IntensityPrecision(of: self).map { FileNote(file, .contrastLost($0)) }
        let outlier = normalization == .minmax ? try outlierNote(file) : nil
        return [precision, outlier].compactMap { $0 }
    }

    /// What is said of pixels that are far brighter or darker than all others; nil if there are none.
    ///
    /// - Parameter file: The file that the pixels are of.
    /// - Throws: What reading throws; `ImagingError.notFinite`.
    public func outlierNote(_ file: String) throws -> FileNote? {
        try IntensityRanges.outlier(in: self).map { FileNote(file, .outlyingPixels($0)) }
    }
}
