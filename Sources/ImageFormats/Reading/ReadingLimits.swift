import Files
import Imaging

/// Decides before any allocation whether a claimed image can be in a file of the given size.
///
/// A compressor cannot pack arbitrarily well: a file of `n` bytes holds at most `n * ratio` decoded
/// bytes, where `ratio` is what the format reaches on constant data. One read therefore allocates
/// at most a few times `slack + ratio * byteCount` bytes (samples are widened to whole bytes), and
/// never more than the limit of the options.
struct ReadingLimits: Sendable {
    let path: String
    let byteCount: Int
    let maximumDecodedBytes: Int

    /// What is allowed regardless of the size of the file, so that tiny images need no exactness.
    static let slack = 1 << 20

    /// The number of bytes of `width * height * samples` of `bits` each, checked against the size of
    /// the file.
    ///
    /// - Parameter ratio: The most decoded bytes that one stored byte can stand for.
    @discardableResult
    func checkBelievable(
        _ what: String,
        width: Int,
        height: Int,
        samples: Int = 1,
        bits: Int,
        ratio: Int
    ) throws(ImageFormatError) -> Int {
        guard width > 0, height > 0, samples > 0, bits > 0 else {
            throw ImageFormatError(
                .damaged,
                path: path,
                "\(what) of \(width) x \(height) pixels",
                advice: "the file is damaged or was not finished; export the image again"
            )
        }
        var total = bits
        for factor in [width, height, samples] {
            let (product, overflow) = total.multipliedReportingOverflow(by: factor)
            guard !overflow, product < 1 << 56 else {
                throw tooLarge(what, width, height, "more bytes than memory can address")
            }
            total = product
        }
        let bytes = (total + 7) / 8
        let believable = byteCount.multipliedReportingOverflow(by: ratio)
        guard believable.overflow || bytes <= believable.partialValue + ReadingLimits.slack else {
            throw tooLarge(what, width, height, "\(bytes) bytes")
        }
        return bytes
    }

    /// Refuses to decode more than the limit at once.
    func checkDecoded(_ size: Size, samples: Int, bytesPerSample: Int) throws(ImageFormatError) {
        let (bytes, overflow) = size.count.multipliedReportingOverflow(
            by: samples * bytesPerSample
        )
        guard !overflow, bytes <= maximumDecodedBytes else {
            throw ImageFormatError(
                .tooLarge,
                path: path,
                "\(size) pixels need more than the limit of \(maximumDecodedBytes) bytes of memory",
                advice: "read the image by region, or raise the limit"
            )
        }
        guard MachineMemory.holds(bytes) else {
            throw .outOfMemory("\(size) pixels of \(bytes) bytes", path: path)
        }
    }

    private func tooLarge(
        _ what: String,
        _ width: Int,
        _ height: Int,
        _ needs: String
    ) -> ImageFormatError {
        ImageFormatError(
            .tooLarge,
            path: path,
            "\(what) of \(width) x \(height) pixels is claimed, which is \(needs), but the file has "
                + "only \(byteCount) bytes",
            advice: "the file is cut short or its header is damaged; copy or export it again"
        )
    }
}

extension ImageAxes {
    /// The most planes of an image, of all channels.
    ///
    /// Lists of planes are kept in memory, and a few bytes may claim any number.
    private static let mostPlanes = 1 << 20

    /// Refuses an image of more planes than are ever recorded.
    func checkPlaneCount(path: String) throws(ImageFormatError) {
        var total = 1
        for count in [t, c, z] {
            let (product, overflow) = total.multipliedReportingOverflow(by: count)
            guard !overflow, product <= Self.mostPlanes else {
                throw ImageFormatError(
                    .tooLarge,
                    path: path,
                    "an image of \(t) time points, \(c) channels and \(z) slices is claimed; at most "
                        + "\(Self.mostPlanes) planes are read",
                    advice:
                        "check whether the file is damaged; if its axes are taken wrongly, name them"
                )
            }
            total = product
        }
    }
}

extension ImageFormatError {
    /// What a file claims is more than the memory that is free at this moment.
    static func outOfMemory(_ what: String, path: String) -> ImageFormatError {
        ImageFormatError(
            .tooLarge,
            path: path,
            "\(what) need more memory than is free",
            advice: "read the image by region, or close other programs"
        )
    }
}
