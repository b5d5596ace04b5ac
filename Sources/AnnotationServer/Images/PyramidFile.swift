import Files
import Foundation
import Imaging

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Resolution levels that were made for a plane, in a file of the cache folder.
///
/// Every tile has a place of its own, so that it is read by one call; the file is sparse at the edges.
struct PyramidFile: Sendable {
    /// Sizes of the levels in the file.
    let levels: [Size]
    let type: DisplayType
    let channels: Int
    private let path: String

    init(_ path: String, levels: [Size], type: DisplayType, channels: Int) {
        self.path = path
        self.levels = levels
        self.type = type
        self.channels = channels
    }

    /// Whether the levels were made.
    var isComplete: Bool { FileStatus(of: path) != nil }

    private var slot: Int {
        TileGrid.pixelSide * TileGrid.pixelSide * channels * type.byteCount
    }

    private func offset(level: Int, row: Int, column: Int) -> Int {
        let before = levels[..<level].map { TileGrid($0) }.reduce(0) { $0 + $1.rows * $1.columns }
        return (before + row * TileGrid(levels[level]).columns + column) * slot
    }

    /// The pixels of a tile.
    ///
    /// - Throws: `FileError` if the file is gone or damaged.
    func tile(level: Int, row: Int, column: Int) throws -> DisplayPixels {
        guard let region = TileGrid(levels[level]).region(row: row, column: column) else {
            throw ServerError.noSuchTile
        }
        let count = region.size.count * channels * type.byteCount
        let handle = open(path, O_RDONLY | O_CLOEXEC)
        guard handle >= 0 else { throw FileError.cannotRead(path, code: errno) }
        defer { close(handle) }
        var bytes = [UInt8](repeating: 0, count: count)
        let start = offset(level: level, row: row, column: column)
        // Safe because at most `count` bytes are read into as many.
        let got = bytes.withUnsafeMutableBytes {
            pread(handle, $0.baseAddress, count, off_t(start))
        }
        guard got == count else { throw FileError.cannotRead(path, code: got < 0 ? errno : EIO) }
        return try type.pixels(bytes, size: region.size, channels: channels)
    }

    /// Makes the levels from the one before the first, band by band.
    ///
    /// - Parameters:
    ///   - source: Size of that level.
    ///   - copiesSource: Whether the first level of the file is that level itself.
    ///   - read: Reads a part of it.
    func make(
        from source: Size,
        copiesSource: Bool,
        read: (Region) throws -> DisplayPixels
    ) throws {
        let temporary = "\(path).\(UInt64.random(in: 0...UInt64.max)).part"
        let handle = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard handle >= 0 else { throw FileError.cannotWrite(temporary, code: errno) }
        defer {
            close(handle)
            unlink(temporary)
        }
        var bands = PyramidBands(file: self, handle: handle, first: copiesSource ? 0 : -1)
        for y in stride(from: 0, to: source.height, by: TileGrid.pixelSide) {
            let height = min(TileGrid.pixelSide, source.height - y)
            let band = try read(Region(x: 0, y: y, width: source.width, height: height))
            try bands.push(band, isLast: y + height == source.height)
        }
        guard rename(temporary, path) == 0 else {
            throw FileError.cannotWrite(path, code: errno)
        }
    }

    /// Writes the tiles of a band, which has the height of a tile but for the last.
    fileprivate func write(_ band: DisplayPixels, level: Int, row: Int, to handle: Int32) throws {
        for column in 0..<TileGrid(levels[level]).columns {
            let x = column * TileGrid.pixelSide
            let width = min(TileGrid.pixelSide, band.size.width - x)
            let bytes = try band.cropped(
                to: Region(x: x, y: 0, width: width, height: band.size.height)
            ).bytes
            let start = offset(level: level, row: row, column: column)
            // Safe because the bytes are written before the array goes.
            let put = bytes.withUnsafeBytes {
                pwrite(handle, $0.baseAddress, $0.count, off_t(start))
            }
            guard put == bytes.count else {
                throw FileError.cannotWrite(path, code: put < 0 ? errno : ENOSPC)
            }
        }
    }
}

/// The bands of a pyramid that are being made: two bands of a level become one of the next.
private struct PyramidBands {
    let file: PyramidFile
    let handle: Int32
    /// The level of the file that the bands which are pushed belong to; -1 for the one before the first.
    let first: Int
    private var waiting: [Int: DisplayPixels] = [:]
    private var rows: [Int: Int] = [:]

    init(file: PyramidFile, handle: Int32, first: Int) {
        self.file = file
        self.handle = handle
        self.first = first
    }

    mutating func push(_ band: DisplayPixels, isLast: Bool) throws {
        try push(band, level: first, isLast: isLast)
    }

    private mutating func push(_ band: DisplayPixels, level: Int, isLast: Bool) throws {
        if level >= 0 {
            let row = rows[level, default: 0]
            try file.write(band, level: level, row: row, to: handle)
            rows[level] = row + 1
        }
        guard level + 1 < file.levels.count else { return }
        if let upper = waiting.removeValue(forKey: level) {
            try push(upper.above(band).halved(), level: level + 1, isLast: isLast)
        } else if isLast {
            try push(band.halved(), level: level + 1, isLast: true)
        } else {
            waiting[level] = band
        }
    }
}
