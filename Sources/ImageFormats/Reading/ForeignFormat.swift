/// A format that is recognised by its first bytes and is not read, and what converts it.
enum ForeignFormat: String, CaseIterable {
    case czi = "Zeiss CZI"
    case lif = "Leica LIF"
    case nd2 = "Nikon ND2"
    case olympus = "Olympus OIB or Zeiss ZVI (OLE)"
    case oif = "Olympus OIF"
    case oir = "Olympus OIR"
    case deltaVision = "DeltaVision"
    case slideBook = "SlideBook"
    case mrc = "MRC"
    case dicom = "DICOM"
    case nifti = "NIfTI"
    case nrrd = "NRRD"
    case fits = "FITS"
    case jpeg2000 = "JPEG 2000"
    case gif = "GIF"
    case bmp = "BMP"
    case webP = "WebP"
    case heif = "HEIF or AVIF"
    case jpegXL = "JPEG XL"
    case photoshop = "Photoshop"
    case pdf = "PDF"
    case numPy = "NumPy"
    case matlab = "MATLAB 5"
    case zip = "ZIP"
    case gzip = "gzip"
    case companion = "OME-XML without pixels"

    /// Recognises the first bytes of a file.
    init?(_ bytes: [UInt8]) {
        let found = Self.allCases.first { format in
            format.signatures.contains { offset, signature in
                bytes.count >= offset + signature.count
                    && bytes[offset..<offset + signature.count].elementsEqual(signature)
            }
        }
        guard let found else { return nil }
        self = found
    }

    /// Bytes that tell the format, each with the place where they stand.
    private var signatures: [(Int, [UInt8])] {
        func text(_ text: String, at offset: Int = 0) -> [(Int, [UInt8])] {
            [(offset, Array(text.utf8))]
        }
        return switch self {
        case .czi: text("ZISRAWFILE")
        case .lif: [(0, [0x70, 0, 0, 0])]
        case .nd2: [(0, [0xDA, 0xCE, 0xBE, 0x0A])]
        case .olympus: [(0, [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1])]
        case .oif:
            [(0, [0xFF, 0xFE] + "[ProfileSaveInfo]".utf8.flatMap { [$0, 0] })]
                + text("[ProfileSaveInfo]")
        case .oir: text("OLYMPUSRAWFORMAT")
        case .deltaVision: [(96, [0xA0, 0xC0]), (96, [0xC0, 0xA0])]
        case .slideBook: [(0, [0x6C, 0, 0, 1, 0x49, 0x49])]
        case .mrc: text("MAP ", at: 208)
        case .dicom: text("DICM", at: 128)
        case .nifti: text("n+1\0", at: 344) + text("n+2\0", at: 4)
        case .nrrd: text("NRRD000")
        case .fits: text("SIMPLE  =")
        case .jpeg2000:
            [(0, [0, 0, 0, 0x0C, 0x6A, 0x50, 0x20, 0x20]), (0, [0xFF, 0x4F, 0xFF, 0x51])]
        case .gif: text("GIF8")
        case .bmp: [(0, [0x42, 0x4D])]
        case .webP: text("WEBP", at: 8)
        case .heif: text("ftyp", at: 4)
        case .jpegXL: [(0, [0, 0, 0, 0x0C, 0x4A, 0x58, 0x4C, 0x20]), (0, [0xFF, 0x0A])]
        case .photoshop: text("8BPS")
        case .pdf: text("%PDF-")
        case .numPy: [(0, [0x93] + Array("NUMPY".utf8))]
        case .matlab: text("MATLAB 5.0 MAT-file")
        case .zip: [(0, [0x50, 0x4B, 3, 4])]
        case .gzip: [(0, [0x1F, 0x8B])]
        case .companion: text("<?xml") + text("<OME")
        }
    }

    /// The command or program that makes a readable file of one at `path`.
    func advice(for path: String) -> String {
        let file = shellWord(path)
        let stem = shellWord(String(path.prefix(path.count - ending(of: path).count)) + ".ome.tif")
        switch self {
        case .gif, .bmp, .webP, .heif, .jpegXL, .photoshop, .pdf:
            return "save it as PNG or TIFF"
        case .numPy where path.hasSuffix("_seg.npy"):
            // It holds Python objects, which only Python may make; nothing of them is run here.
            return "save the masks in Cellpose: 'File', 'Save masks as PNG/tif'"
        case .numPy:
            return "convert it in Python: tifffile.imwrite('image.tif', numpy.load('image.npy'))"
        case .matlab: return "save it with -v7.3, which is HDF5, or export it as TIFF"
        case .zip, .gzip: return "unpack it and name an image in it"
        case .companion: return "open one of the TIFF files that belong to it"
        case .nifti, .nrrd, .dicom, .fits, .mrc:
            return
                "convert it with Fiji or with the tools of Bio-Formats: bfconvert \(file) \(stem)"
        default:
            return "convert it with the tools of Bio-Formats: bfconvert \(file) \(stem) "
                + "(or in Python: pip install bioio bioio-bioformats)"
        }
    }

    /// The last ending, with its dot.
    private func ending(of path: String) -> Substring {
        let name = path.split(separator: "/").last ?? ""
        guard let dot = name.lastIndex(of: "."), dot > name.startIndex else { return "" }
        return name[dot...]
    }

    /// A path as one word of a shell.
    private func shellWord(_ path: String) -> String {
        let isPlain = path.allSatisfy { $0.isLetter || $0.isNumber || "._-/+".contains($0) }
        return isPlain ? path : "'" + path.replacing("'", with: "'\\''") + "'"
    }
}
