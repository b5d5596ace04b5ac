import Foundation
import ImageFormats
import ImageSamples
import Imaging
import Prompting
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Files that were made to keep a reader busy, to exhaust it, or to lead it to other files.
@Suite("HDF5 that means harm")
struct HostileHDF5Tests {
    @Test(
        "More pixels than memory holds are an error, whether stored or filled in",
        arguments: ["chunk=1000x1000", "", "chunk=64x400000 gzip=9"]
    )
    func hugePlanes(storage: String) throws {
        let folder = try TemporaryFolder()
        let file = folder.file("a.h5")
        try HDF5Builder.write("data raw u4 400000x400000 \(storage) empty", to: file)
        let options = ImageSource.Options(maximumDecodedBytes: 1 << 44)
        let source = try ImageSource(opening: file, options: options)
        let error = #expect(throws: ImageFormatError.self) { try source.read() }
        #expect(error?.kind == .tooLarge)
        // A part of it is only the fill value.
        let part = try source.read(region: Region(x: 3, y: 5, width: 4, height: 2)).floats()
        #expect(part.samples == [Float](repeating: 9, count: 8))
        let size = Size(width: 400_000, height: 400_000)
        #expect(throws: PlaneError.nothingStored(file: file.path, size)) {
            try PlaneFile(opening: file.path)
        }
    }

    @Test(
        "Of a data set without values it is said that nothing is stored; of one with values it is not",
        arguments: ["chunk=4x4", "", "chunk=4x4 gzip=4"]
    )
    func empty(storage: String) throws {
        let folder = try TemporaryFolder()
        let cases: [(String, ReadingNote?)] = [("empty", .planesAbsent(1, of: 1)), ("", nil)]
        for (words, note) in cases {
            let file = folder.file("\(words).h5")
            try HDF5Builder.write("data raw u1 9x8 \(storage) \(words)", to: file)
            #expect(try PlaneFile(opening: file.path).notes.last?.note == note)
        }
    }

    @Test(
        "More planes than anybody records are an error, whatever they are",
        arguments: ["4294967299x9x7", "3x1048576x9x7", "3000000000x3000000000x3000000000x9x7"]
    )
    func hugeStacks(shape: String) throws {
        let folder = try TemporaryFolder()
        let file = folder.file("a.h5")
        let chunk = shape.split(separator: "x").map { $0.count > 2 ? "1" : $0 }.joined(
            separator: "x"
        )
        try HDF5Builder.write("data raw u1 \(shape) chunk=\(chunk) empty", to: file)
        let error = #expect(throws: ImageFormatError.self) { try ImageSource(opening: file) }
        #expect(error?.kind == .tooLarge)
        // The bytes of the last one cannot even be counted, which is said first.
        let isCounted = !shape.hasPrefix("3000000000")
        #expect(error?.problem.contains("planes are read") == isCounted)
    }

    @Test("Groups inside of groups come to an end", arguments: [20, 2000, 9000])
    func deepGroups(depth: Int) throws {
        let folder = try TemporaryFolder()
        let file = folder.file("a.h5")
        try HDF5Builder.write("nest deep \(depth)\ndata raw u1 12x10", to: file)
        let start = ContinuousClock.now
        #expect(try ImageSource(opening: file).description.axes == ImageAxes(y: 12, x: 10))
        #expect(ContinuousClock.now - start < .seconds(20))
    }

    @Test("Of more objects than are looked at, none is taken as the only image")
    func manyGroups() throws {
        let folder = try TemporaryFolder()
        let file = folder.file("a.h5")
        try HDF5Builder.write("many 100001\ndata raw u1 12x10", to: file)
        let error = #expect(throws: ImageFormatError.self) { try ImageSource(opening: file) }
        #expect(error?.problem.contains("more than 100000 objects") == true)
        let named = try ImageSource(opening: file, options: ImageSource.Options(dataset: "raw"))
        #expect(named.description.axes == ImageAxes(y: 12, x: 10))
    }

    @Test("A group that holds itself is entered once")
    func circle() throws {
        let folder = try TemporaryFolder()
        let file = folder.file("a.h5")
        try HDF5Builder.write(
            "group a/b\nlink a/b/c hard a\nlink a/b/d hard a/b\nlink a/s soft /a\ndata a/raw u1 12x10",
            to: file
        )
        #expect(try ImageSource(opening: file).description.axes == ImageAxes(y: 12, x: 10))
    }

    @Test("Values in other files are not read", arguments: ["external", "virtual", "link"])
    func otherFiles(kind: String) throws {
        let folder = try TemporaryFolder()
        try HDF5Builder.write("data raw u1 12x10", to: folder.file("secret.h5"))
        let secret = folder.file("secret.h5").path
        let step =
            kind == "link"
            ? "link raw external \(secret) /raw" : "data raw u1 12x10 \(kind)=\(secret)"
        let file = folder.file("a.h5")
        try HDF5Builder.write(step, to: file)
        let options = ImageSource.Options(dataset: "raw")
        let error = #expect(throws: ImageFormatError.self) {
            try ImageSource(opening: file, options: options).read()
        }
        if kind != "link" {
            #expect(error?.problem.contains("its values lie in other files") == true)
        }
        #expect(throws: ImageFormatError.self) { try ImageSource(opening: file) }
    }

    @Test("A pipe in place of a file of values does not keep the reader waiting")
    func pipe() throws {
        let folder = try TemporaryFolder()
        let pipe = folder.file("pipe").path
        #expect(mkfifo(pipe, 0o600) == 0)
        let file = folder.file("a.h5")
        for step in ["data raw u1 12x10 external=\(pipe)", "link raw external \(pipe) /raw"] {
            try HDF5Builder.write(step, to: file)
            let options = ImageSource.Options(dataset: "raw")
            let start = ContinuousClock.now
            #expect(throws: ImageFormatError.self) {
                try ImageSource(opening: file, options: options).read()
            }
            #expect(ContinuousClock.now - start < .seconds(10))
        }
    }
}
