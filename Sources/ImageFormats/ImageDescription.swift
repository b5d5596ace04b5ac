public import Imaging
public import Prompting

/// What is known of an image without decoding its pixels; printed by `usam info`.
public struct ImageDescription: Hashable, Codable, Sendable {
    /// The file format, for example `TIFF`, `OME-TIFF`, `ImageJ TIFF`, `PNG`, `JPEG`.
    public var format: String

    /// Extents of the axes at full resolution.
    public var axes: ImageAxes

    /// The type of the samples that ``ImageSource/read(_:region:level:)`` returns.
    public var sampleType: SampleType

    /// Bits of one sample as stored, before widening.
    public var bitsPerSample: Int

    /// Samples of one pixel in the rasters that are read: 1, or 2 (grey and alpha), 3 (RGB), 4 (RGBA).
    public var samplesPerPixel: Int

    /// What the samples of a pixel are.
    public var colorModel: ColorModel

    /// Size of a voxel, as far as the file tells.
    public var physicalSize: PhysicalSize

    /// Names of the channels along axis `c`; empty, or as many as there are channels.
    public var channelNames: [String]

    /// Sizes of the resolution levels, full resolution first; at least one.
    public var levels: [Size]

    /// The series (independent images) of the file; at least one.
    ///
    /// The other values describe the series that was selected.
    public var series: [SeriesDescription]

    /// How the pixels are compressed, for example `deflate`; `none` for raw pixels.
    public var compression: String

    /// Width and height of the blocks in which pixels can be read independently.
    public var blockSize: Size

    /// Size of the file in bytes; 0 for folders.
    public var byteCount: Int

    /// The names of the label images that belong to the image; only OME-Zarr has them.
    ///
    /// They are opened with ``ImageSource/Options/dataset`` set to `labels/NAME`.
    public var labelNames: [String] = []

    /// The names of files beside this one that hold planes of the image, too.
    public var otherFiles: [String] = []

    /// What the reader noticed: planes that are missing, metadata that cannot be used.
    public var notes: [ReadingNote] = []
}

extension ImageDescription {
    /// Whether names can be given to the dimensions by hand, as those of the format are missing or no rule.
    var takesDimensionNames: Bool {
        [
            "Zarr", "N5", "HDF5", "TIFF", "ImageJ TIFF", "MetaMorph STK", "Zeiss LSM",
        ].contains(format)
    }
}

/// One of several images in a file.
public struct SeriesDescription: Hashable, Codable, Sendable {
    /// The name that the file gives, or the name of a data set.
    public var name: String

    /// Extents of the axes.
    public var axes: ImageAxes

    /// Creates a description.
    public init(name: String, axes: ImageAxes) {
        self.name = name
        self.axes = axes
    }
}

/// What the samples of one pixel are.
public enum ColorModel: String, Hashable, Codable, Sendable {
    /// One sample: an intensity, where larger is brighter.
    case grey
    /// An intensity and an opacity.
    case greyAlpha
    /// Red, green, blue.
    case rgb
    /// Red, green, blue, opacity.
    case rgba
    /// Cyan, magenta, yellow, black; only with ``ImageSource/Options/ColorConversion/asStored``.
    case cmyk
    /// Indices into a palette; only with ``ImageSource/Options/ColorConversion/asStored``.
    case palette
    /// An intensity where larger is darker; only with
    /// ``ImageSource/Options/ColorConversion/asStored``.
    case invertedGrey

    /// Samples of one pixel.
    public var samplesPerPixel: Int {
        switch self {
        case .grey, .palette, .invertedGrey: 1
        case .greyAlpha: 2
        case .rgb: 3
        case .rgba, .cmyk: 4
        }
    }
}
