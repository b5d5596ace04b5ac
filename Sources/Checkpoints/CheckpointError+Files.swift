import Files

extension CheckpointError {
    /// A failure to read a file.
    init(reading error: FileError) {
        self = .unreadable(file: error.path, reason: error.reason)
    }

    /// A failure to replace a file.
    init(writing error: FileError) {
        self = .unwritable(file: error.path, reason: error.reason)
    }

    /// A failure of a zip archive.
    init(_ error: ZipError) {
        self =
            switch error {
            case .truncated(let file, let what, let needed, let available):
                .truncated(file: file, what: what, needed: needed, available: available)
            case .malformed(let file, let what): .malformed(file: file, what: what)
            case .encrypted(let file, _):
                .unsupported(
                    file: file,
                    what: "an encrypted archive",
                    advice: "Unpack and save it again."
                )
            case .unknownMethod(let file, let entry, let method):
                .unsupported(
                    file: file,
                    what: "compression method \(method) of '\(entry)'",
                    advice: "Save the file with torch.save, or zip it without compression."
                )
            case .limitExceeded(let file, let what, let limit, let found):
                .limitExceeded(file: file, what: what, limit: limit, found: found)
            case .file(let error):
                error.kind == .cannotRead
                    ? CheckpointError(reading: error) : CheckpointError(writing: error)
            }
    }
}

extension ByteStorage {
    /// A part of the bytes, checked against the bounds.
    ///
    /// - Parameter what: What lies there, for the error message.
    func slice(_ offset: Int, count length: Int, for what: String) throws(CheckpointError)
        -> UnsafeRawBufferPointer
    {
        // Safe because the slice is checked against the count; callers keep the storage while
        // they read it.
        try slice(offset, count: length) {
            CheckpointError.truncated(file: name, what: what, needed: length, available: $0)
        }
    }
}
