/// The formats that are told apart by the first bytes of a file.
enum FileSignature {
    case tiff, png, jpeg, hdf5, zip

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
        } else {
            throw ImageFormatError(
                .unknownFormat,
                path: file.path,
                "the content is of no image format that is known here",
                advice:
                    "TIFF, PNG, JPEG, OME-Zarr, N5 and HDF5 can be read; convert the image to TIFF"
            )
        }
    }
}
