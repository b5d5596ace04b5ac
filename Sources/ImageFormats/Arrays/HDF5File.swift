import CImageCodecs
import Foundation
import Zarr

/// An HDF5 file, which is opened anew for every call (see `mic_hdf5.h`).
struct HDF5File: Sendable {
    let path: String

    /// A data set that is listed.
    struct Listed: Hashable, Sendable {
        let name: String
        let shape: [Int]
    }

    /// The data sets of numbers with two dimensions or more; of very many only the first.
    func dataSets() throws(ImageFormatError) -> [Listed] {
        var text = [CChar](repeating: 0, count: 1 << 18)
        var message = mic_hdf5_message()
        let code = mic_hdf5_list(path, &text, text.count, &message)
        guard code >= 0 else { throw failure("the contents", code, message) }
        let end = text.firstIndex(of: 0) ?? text.endIndex
        let lines = String(decoding: text[..<end].map(UInt8.init(bitPattern:)), as: UTF8.self)
        return lines.split(separator: "\n").compactMap { line in
            guard let space = line.firstIndex(of: " ") else { return nil }
            let sides = line[..<space].split(separator: "x").map { Int($0) ?? .max }
            return Listed(name: String(line[line.index(after: space)...]), shape: sides)
        }
    }

    func describe(_ name: String) throws(ImageFormatError) -> mic_hdf5_info {
        var info = mic_hdf5_info()
        var message = mic_hdf5_message()
        let code = mic_hdf5_describe(path, name, &info, &message)
        guard code == 0 else { throw failure("the data set '\(name)'", code, message) }
        return info
    }

    func read(
        _ name: String,
        _ info: mic_hdf5_info,
        _ region: ZarrRegion,
        into target: UnsafeMutableRawBufferPointer
    ) throws(ImageFormatError) {
        // Safe because the C function is told the size of the target, and all arguments outlive
        // the call.
        let start = region.start.map { UInt64($0) }
        let count = region.shape.map { UInt64($0) }
        var info = info
        var message = mic_hdf5_message()
        let code = mic_hdf5_read(
            path,
            name,
            &info,
            start,
            count,
            target.baseAddress,
            target.count,
            &message
        )
        guard code == 0 else { throw failure("the data set '\(name)'", code, message) }
    }

    private func failure(
        _ what: String,
        _ code: Int32,
        _ message: mic_hdf5_message
    ) -> ImageFormatError {
        let reason = cText(message.text)
        switch code {
        case MIC_HDF5_IS_NEWER:
            let version = String(cString: mic_hdf5_version())
            return ImageFormatError(
                .unsupported,
                path: path,
                "\(what) cannot be read: \(reason); the file was written by a newer HDF5 than the version "
                    + "\(version) that reads it here, or is damaged",
                advice: "save it for older versions, in h5py with libver='v110'"
            )
        case MIC_HDF5_IS_ELSEWHERE:
            return ImageFormatError(
                .unsupported,
                path: path,
                "\(what) cannot be read: \(reason), which are not opened",
                advice: "copy the values into one file, in h5py by assigning array[...]"
            )
        default:
            return ImageFormatError(
                .damaged,
                path: path,
                "\(what) cannot be read: \(reason)",
                advice: "check the name of the data set, or copy the file again"
            )
        }
    }
}

/// The text in an array of characters in C, up to its end or that of the array.
func cText<Characters>(_ characters: Characters) -> String {
    // Safe because the bytes are copied, and the array outlives the call.
    withUnsafeBytes(of: characters) { text in
        String(decoding: text.prefix { $0 != 0 }, as: UTF8.self)
    }
}
