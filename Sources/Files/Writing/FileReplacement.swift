#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A file that is written beside its destination and takes its place when it is complete.
///
/// Until ``commit()`` the destination is untouched; if this value ends before, what was written is
/// removed. A program that is killed leaves a hidden file behind, which ``isFragment(_:)`` recognises.
///
/// Content is given by ``append(_:)``, or written to ``temporaryPath`` by a library of its own, but not
/// by both.
public struct FileReplacement: ~Copyable, ByteSink {
    /// Where the bytes are written: `.NAME.….part` in the folder of the destination.
    public let temporaryPath: String

    /// Where they will be.
    public let path: String

    private let durability: Durability
    private var descriptor: Int32
    private var buffer: [UInt8] = []
    private var isCommitted = false

    /// Many small pieces are written together.
    private static let bufferSize = 1 << 18

    /// Creates an empty file in the folder of the destination, which must exist.
    ///
    /// - Throws: ``FileError`` if it cannot be made, or a folder has the name of the destination.
    public init(of path: String, _ durability: Durability = .durable) throws(FileError) {
        let path = FileName.trimmed(path)
        guard FileStatus(of: path)?.isFolder != true else {
            throw FileError(
                .isFolder,
                path: path,
                "a folder of this name exists",
                advice: "choose another name for the output"
            )
        }
        let tag = String(UInt64.random(in: 0...UInt64.max), radix: 36)
        let temporaryPath = FileName.join(
            FileName.folder(of: path),
            ".\(FileName.last(of: path)).\(tag)\(Self.ending)"
        )
        let descriptor = open(temporaryPath, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw .cannotWrite(path, code: errno) }
        self.path = path
        self.temporaryPath = temporaryPath
        self.durability = durability
        self.descriptor = descriptor
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
        if !isCommitted { unlink(temporaryPath) }
    }

    /// Adds bytes at the end.
    public mutating func append(_ bytes: UnsafeRawBufferPointer) throws(FileError) {
        // Safe because the bytes are written or copied before the call ends.
        if bytes.count >= Self.bufferSize {
            try flush()
            try OpenFile.write(bytes, to: descriptor, path: path)
            return
        }
        buffer.append(contentsOf: bytes)
        if buffer.count >= Self.bufferSize { try flush() }
    }

    /// Gives the file its name.
    ///
    /// - Throws: ``FileError`` if content or name cannot be brought to the disk; the destination is
    ///   then as it was.
    public consuming func commit() throws(FileError) {
        try flush()
        if durability == .durable { try OpenFile.synchronize(descriptor, path: path) }
        // Some file systems report a full disk only here.
        let code = close(descriptor)
        descriptor = -1
        guard code == 0 else { throw .cannotWrite(path, code: errno) }
        try OpenFile.rename(temporaryPath, to: path, durability)
        isCommitted = true
    }

    private mutating func flush() throws(FileError) {
        // Safe because the buffer is not changed while it is written.
        guard !buffer.isEmpty else { return }
        try buffer.withUnsafeBufferPointer { [descriptor, path] bytes throws(FileError) in
            try OpenFile.write(UnsafeRawBufferPointer(bytes), to: descriptor, path: path)
        }
        buffer.removeAll(keepingCapacity: true)
    }
}

extension FileReplacement {
    private static let ending = ".part"

    /// Whether a name is that of a file which a program that was killed did not complete.
    ///
    /// Nobody needs such a file; but it may belong to a program that is still writing.
    public static func isFragment(_ name: String) -> Bool {
        name.hasPrefix(".") && name.hasSuffix(ending)
    }

    /// Replaces a file by these bytes.
    ///
    /// - Throws: ``FileError``; then nothing is left behind, and an older file is untouched.
    public static func write(
        _ bytes: [UInt8],
        to path: String,
        _ durability: Durability = .durable
    ) throws(FileError) {
        var file = try FileReplacement(of: path, durability)
        try file.append(bytes)
        try file.commit()
    }

    /// Replaces a file by this text, as UTF-8.
    ///
    /// - Throws: ``FileError``; then nothing is left behind, and an older file is untouched.
    public static func write(
        _ text: String,
        to path: String,
        _ durability: Durability = .durable
    ) throws(FileError) {
        try write(Array(text.utf8), to: path, durability)
    }
}
