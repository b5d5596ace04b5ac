import Files
import Foundation

extension ImageFormatError {
    /// A failure to write, with the system's reason.
    static func cannotWrite(_ path: String, because reason: String) -> ImageFormatError {
        ImageFormatError(
            .cannotWrite,
            path: path,
            "cannot be written: \(reason)",
            advice: "check free space and the permissions of the folder"
        )
    }

    /// A failure to replace a file.
    init(writing error: FileError) {
        self.init(.cannotWrite, path: error.path, error.problem, advice: error.advice)
    }

    /// A failure to write an archive.
    init(writing error: ZipError) {
        self.init(.cannotWrite, path: error.path, error.problem, advice: error.advice)
    }
}

extension FileReplacement {
    /// Creates a file for a library that writes to ``temporaryPath``.
    init(replacing url: URL) throws(ImageFormatError) {
        do throws(FileError) {
            self = try FileReplacement(of: url.path)
        } catch {
            throw ImageFormatError(writing: error)
        }
    }

    /// Gives the file its name.
    consuming func complete() throws(ImageFormatError) {
        do throws(FileError) {
            try commit()
        } catch {
            throw ImageFormatError(writing: error)
        }
    }
}

/// Replaces a file by what `content` appends.
func replaceFile(
    at url: URL,
    _ content: (inout FileReplacement) throws(FileError) -> Void
) throws(ImageFormatError) {
    do throws(FileError) {
        var file = try FileReplacement(of: url.path)
        try content(&file)
        try file.commit()
    } catch {
        throw ImageFormatError(writing: error)
    }
}

/// Collects what `content` appends.
func bytes(
    _ content: (inout MemorySink) throws(FileError) -> Void
) throws(ImageFormatError) -> Data {
    do throws(FileError) {
        var memory = MemorySink()
        try content(&memory)
        return Data(memory.bytes)
    } catch {
        throw ImageFormatError(writing: error)
    }
}
