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
                try await importLabels(exchange.decoded())
            },
        ]
    }

    private func importLabels(_ body: ImportRequest) async throws -> Response {
        let image = try await image(body.image)
        let sent = try body.files.map { try SentFiles($0, in: cacheFolder) }
        let paths: [String]
        if let sent {
            paths = sent.paths
        } else if let path = body.path {
            let base = project.url.deletingLastPathComponent()
            paths = [try folders.url(of: path, in: base).path]
        } else {
            throw ServerError.malformed("'path' or 'files' are needed")
        }
        let client = body.client ?? UUID()
        let options = LabelImportOptions(
            rule: body.rule ?? .keep,
            separatesPlanes: body.eachPlane ?? false
        )
        let id = await jobs.start(.import) { [self] job, reporter in
            defer { sent?.remove() }
            let named = body.path ?? body.files?.first?.name ?? ""
            let words = paths.count == 1 ? "Reading \(named)" : "Reading \(paths.count) files"
            reporter.progress(0, of: 1, words)
            let answer = try await work.run { [project] in
                let plan = try ImportPlan(project, [project.image(image.id)], paths)
                guard plan.unusedFiles.isEmpty, let pair = plan.pairs.first else {
                    throw ExchangeError.unpaired(files: paths.count, images: 1)
                }
                return try project.importObjects(
                    pair.labels,
                    into: image.id,
                    options,
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
    }

    private struct ExportRequest: Decodable {
        let images: [Int64]?
        let formats: [ResultKind]
    }

    private struct ImportRequest: Decodable {
        let image: Int64
        /// A file on the machine of the server, in the folders that were opened.
        let path: String?
        /// Files that are sent along: one, or one for each frame or slice.
        let files: [SentFiles.File]?
        /// Whether labels of different frames or slices are different objects.
        let eachPlane: Bool?
        let rule: OverlapRule?
        let client: UUID?
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
