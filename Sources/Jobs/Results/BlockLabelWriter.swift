import Foundation
import ImageFormats
import Imaging
import Prompting
import Segmentation

/// Writes labels that were joined from tiles block by block, so that they never lie in memory as a whole.
struct BlockLabelWriter {
    private let url: URL
    private let isZarr: Bool
    private let physicalSize: PhysicalSize

    private let isOME: Bool

    init(_ url: URL, isZarr: Bool, _ physicalSize: PhysicalSize, isOME: Bool) {
        self.isOME = isOME
        self.url = url
        self.isZarr = isZarr
        self.physicalSize = physicalSize
    }

    func write(_ labels: StitchedLabels, _ work: Work) throws {
        let size = labels.blocking.imageSize
        let type: SampleType = labels.objectCount <= Int(UInt16.max) ? .uint16 : .uint32
        let side = fileTileSide(labels.blocking)
        if isZarr {
            let writer = try OMEZarrLabelWriter(
                creating: url,
                axes: ImageAxes(y: size.height, x: size.width),
                sampleType: type,
                options: .init(chunkSide: side ?? 512, physicalSize: physicalSize)
            )
            try labels.forEachBlock(work) { try writer.write($0, in: $1) }
            return try writer.finish()
        }
        guard let side else {
            // Tiles of a TIFF file have sides that are multiples of 16, and these blocks do not.
            return try labels.labelImage(work)
                .writeTIFF(to: url, physicalSize: physicalSize, isOME: isOME)
        }
        var writer = try LabelTIFFWriter(
            creating: url,
            size: size,
            sampleType: type,
            tileSide: side,
            physicalSize: physicalSize,
            isOME: isOME
        )
        try labels.forEachBlock(work) { try writer.write($0, to: $1) }
        try writer.finish()
    }

    /// The side of the tiles in the file, of which blocks have to consist; nil if there is none.
    private func fileTileSide(_ blocking: Blocking) -> Int? {
        let (shape, size) = (blocking.blockSize, blocking.imageSize)
        let step = isZarr ? 1 : 16
        // A single block ends at the edge of the image, where tiles may be cut.
        let blocks = [(shape.width, size.width), (shape.height, size.height)].filter { $0 < $1 }
        func fits(_ side: Int) -> Bool { blocks.allSatisfy { $0.0.isMultiple(of: side) } }
        return stride(from: 512, through: 128, by: -step).first(where: fits)
            ?? stride(from: 1024, through: step, by: -step).first(where: fits)
    }
}
