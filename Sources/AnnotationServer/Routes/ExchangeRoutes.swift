import Annotations
import Files
import Foundation
import HTTPTypes
import Hummingbird
import Imaging
import Prompting

extension ServerState {
    /// The routes that write results, and bring in labels of other programs.
    var exchangeRoutes: [Route] {
        [
            Route(.post, "/export", "export", body: .small(.export)) { [self] exchange in
                let body: ExportRequest = try exchange.decoded()
                let chosen = try await work.run { [project] in
                    let all = try project.images().map(\.id)
                    return try body.images.map { try $0.map { try project.image($0).id } } ?? all
                }
                guard !chosen.isEmpty else {
                    throw ServerError.malformed("the project has no images")
                }
                return try .json(
                    JobStarted(job: await export(chosen.unique, as: body.formats.unique)),
                    status: .accepted
                )
            },
            Route(.post, "/import", "import", body: .file(.importLabels)) { [self] exchange in
                let body: ImportRequest = try exchange.decoded()
                let image = try await image(body.image)
                let file = try importedFile(body)
                let client = body.client ?? UUID()
                let id = await jobs.start(.import) { [self] job, reporter in
                    defer { file.remove() }
                    reporter.progress(0, of: 1, "Reading \(file.name)")
                    let answer = try await work.run { [project] in
                        try project.importObjects(
                            .file(file.path),
                            into: image.id,
                            LabelImportOptions(rule: body.rule ?? .keep),
                            client: client,
                            job
                        )
                    }
                    tellEdit(image.id, client, answer)
                    var result = JobResult()
                    result.objects = answer.created.count
                    return result
                }
                return try .json(JobStarted(job: id), status: .accepted)
            },
        ]
    }

    private struct ExportRequest: Decodable {
        let images: [Int64]?
        let formats: [ResultKind]
    }

    private struct ImportRequest: Decodable {
        let image: Int64
        /// A file on the machine of the server, in the folders that were opened.
        let path: String?
        /// The name of a file that is sent along.
        let name: String?
        /// Its content, in base64.
        let data: Data?
        let rule: OverlapRule?
        let client: UUID?
    }

    /// A file whose labels are brought in.
    private struct ImportedFile: Sendable {
        let name: String
        let path: String
        let isTemporary: Bool

        func remove() {
            if isTemporary { try? FileManager.default.removeItem(atPath: path) }
        }
    }

    private func importedFile(_ body: ImportRequest) throws -> ImportedFile {
        if let path = body.path {
            let base = project.url.deletingLastPathComponent()
            let url = try folders.url(of: path, in: base)
            return ImportedFile(
                name: url.lastPathComponent,
                path: url.path,
                isTemporary: false
            )
        }
        guard let data = body.data, let name = body.name else {
            throw ServerError.malformed("'path', or 'name' and 'data', are needed")
        }
        // Of the name only the ending is used, which tells the kind of the file.
        let ending = URL(filePath: name).pathExtension.lowercased()
            .filter { $0.isASCII && ($0.isLetter || $0.isNumber) }.prefix(8)
        let path = FileName.join(cacheFolder, "import-\(UUID().uuidString).\(ending)")
        try FileReplacement.write([UInt8](data), to: path, .atomic)
        return ImportedFile(name: name, path: path, isTemporary: true)
    }

    /// Writes the results of images beside the project.
    func export(_ images: [Int64], as kinds: [ResultKind]) async -> Int {
        await jobs.start(.export) { [self] work, reporter in
            let names = try project.resultNames()
            try FileManager.default.createDirectory(
                atPath: resultFolder,
                withIntermediateDirectories: true
            )
            var files: [String] = []
            for (index, image) in images.enumerated() {
                let name = names[image] ?? "\(image)"
                reporter.progress(index, of: images.count, "Writing \(name)")
                let stem = FileName.join(resultFolder, name)
                files += try await self.work.run { [project] in
                    try project.export(image, as: kinds, to: stem, work).map(\.lastPathComponent)
                }
            }
            var result = JobResult()
            (result.folder, result.files) = (resultFolder, files)
            return result
        }
    }
}

extension Array where Element: Hashable {
    /// The elements in their order, each once.
    fileprivate var unique: [Element] {
        var seen: Set<Element> = []
        return filter { seen.insert($0).inserted }
    }
}
