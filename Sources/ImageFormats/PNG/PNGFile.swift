import CImageCodecs

/// One PNG file open for reading or writing: the owner of the C handle.
struct PNGFile: ~Copyable {
    // Safe because this type alone holds the pointer, cannot be copied, and frees it when it ends.
    let handle: OpaquePointer
    let path: String

    init(path: String) throws(ImageFormatError) {
        guard let handle = mic_png_new() else {
            throw ImageFormatError(.cannotOpen, path: path, "out of memory")
        }
        self.handle = handle
        self.path = path
    }

    deinit { mic_png_free(handle) }

    /// The reason of the last failure.
    var message: String { String(cString: mic_png_message(handle)) }

    func open() throws(ImageFormatError) -> mic_png_header {
        var header = mic_png_header()
        guard mic_png_open(handle, path, &header) == 0 else { throw damaged("the PNG header") }
        return header
    }

    func damaged(_ what: String) -> ImageFormatError {
        ImageFormatError(
            .damaged,
            path: path,
            "\(what) cannot be decoded: \(message)",
            advice: "the file is cut short or damaged; copy or export it again"
        )
    }
}
