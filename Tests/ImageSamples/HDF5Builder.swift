package import Foundation
import HDF5Writing

/// Writes HDF5 files for tests; `hdf5_writing.h` explains the steps.
package enum HDF5Builder {
    /// A step that the library refused.
    package struct Refused: Error {
        /// The number of the line, from 1.
        package let line: Int
    }

    /// Writes a file by a script of one step a line.
    package static func write(_ script: String, to url: URL) throws {
        let line = hdf5_write(url.path, script)
        guard line == 0 else { throw Refused(line: Int(line)) }
    }

    /// The element of an index in C order, before the offset is added.
    package static func value(_ index: Int) -> Int { (7 * index + 3) % 251 }
}
