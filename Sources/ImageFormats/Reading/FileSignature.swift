/// The formats that are told apart by the first bytes of a file.
enum FileSignature {
    case tiff, png, jpeg, hdf5, zip
    /// A whole slide that is no TIFF and no JPEG.
    case slide

    init(of file: InputFile) throws(ImageFormatError) {
        let bytes = file.beginning
        if bytes.starts(with: [0x49, 0x49, 0x2A, 0]) || bytes.starts(with: [0x4D, 0x4D, 0, 0x2A])
            || bytes.starts(with: [0x49, 0x49, 0x2B, 0])
            || bytes.starts(with: [0x4D, 0x4D, 0, 0x2B])
        {
            self = .tiff
        } else if bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) {
            self = .png
        } else if bytes.starts(with: [0xFF, 0xD8, 0xFF]) {
            self = .jpeg
        } else if bytes.starts(with: InputFile.hdf5Signature) || file.hasHDF5AfterUserBlock {
            self = .hdf5
        } else if bytes.starts(with: [0x50, 0x4B, 3, 4]) {
            self = .zip
        } else if bytes.starts(with: "SQLite format 3".utf8)
            || bytes.starts(with: "[Virtual Microscope Specimen]".utf8)
            || bytes.starts(with: "[Uncompressed Virtual Microscope Specimen]".utf8)
        {
            self = .slide
        } else if let format = ForeignFormat(bytes) {
            throw ImageFormatError(
                .unknownFormat,
                path: file.path,
                "the file is \(format.rawValue), which cannot be read here",
                advice: format.advice(for: file.path)
            )
        } else {
            throw .unknownFormat(file.path)
        }
    }
}

extension ImageFormatError {
    /// The content is of no format that is known.
    static func unknownFormat(_ path: String) -> ImageFormatError {
        ImageFormatError(
            .unknownFormat,
            path: path,
            "the content is not of a known image format",
            advice: "TIFF, PNG, JPEG, OME-Zarr, N5, HDF5 and whole slides can be read; "
                + "convert the image to TIFF"
        )
    }
}
