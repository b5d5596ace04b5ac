import AnnotationServer
import Files
import Foundation
import ImageFormats
import Imaging
import Jobs
import ModelZoo

/// Where a project and its images lie.
struct AnnotationPlace {
    /// The project file.
    let project: String

    /// The images that were named, absolute.
    let images: [String]

    private static let ending = ".usam"

    /// Finds the images, and the project file that belongs to them.
    ///
    /// - Parameters:
    ///   - inputs: What the user named; nothing for the sample.
    ///   - project: The project file that the user named.
    init(_ inputs: [String], project: String?) throws {
        let inputs = inputs.isEmpty ? [try Self.sample()] : inputs
        if project == nil, inputs.count == 1, inputs[0].hasSuffix(Self.ending) {
            self.project = Self.absolute(inputs[0])
            images = []
            return
        }
        let list = try InputList(inputs)
        images = list.paths.map(Self.absolute)
        self.project = Self.absolute(project ?? Self.projectFile(of: inputs))
    }

    /// The name of the project.
    var name: String { String(FileName.last(of: project).dropLast(Self.ending.count)) }

    /// The folder of the project.
    var base: URL { URL(filePath: FileName.folder(of: project)) }

    /// The folders that may be read: that of the project, and those of the images.
    var folders: [String] { [base.path] + images.map { FileName.container(of: $0) } }

    /// What can be made again.
    var cacheFolder: String { project + "-cache" }

    /// The secret of the server, which is kept beside what can be made again.
    func key() throws -> AccessKey {
        try OutputPlan.makeFolder(for: FileName.join(cacheFolder, "token"))
        return try AccessKey(keptIn: FileName.join(cacheFolder, "token"))
    }

    private static func projectFile(of inputs: [String]) -> String {
        let first = FileName.trimmed(inputs[0])
        if inputs.count == 1, FileStatus(of: first)?.isFolder == true {
            let name = URL(filePath: absolute(first)).lastPathComponent
            return FileName.join(first, name + ending)
        }
        let folder = FileName.folder(of: first)
        let name = inputs.count == 1 ? FileName.stem(first) : "annotations"
        return FileName.join(folder, name + ending)
    }

    private static func absolute(_ path: String) -> String {
        URL(filePath: path).standardizedFileURL.path
    }

    /// The simulated sample, in the cache folder of the user.
    private static func sample() throws -> String {
        let folder = CacheFolder.url().appendingPathComponent("annotate-sample").path
        let file = FileName.join(folder, "simulated.tif")
        if FileStatus(of: file) == nil {
            try OutputPlan.makeFolder(for: file)
            try AnyRaster.uint16(SimulatedSample().sample().image).writeTIFF(
                to: URL(filePath: file)
            )
        }
        return file
    }
}
