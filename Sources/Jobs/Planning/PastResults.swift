import Files
import Foundation
import ImageFormats
import Prompting
import TrackFiles

/// What earlier runs have left in a folder, which is not segmented in turn.
struct PastResults {
    /// Whole paths of label images that manifests in the folder tell of.
    private var labels: Set<String> = []

    /// Whole paths of their other results, and of the manifests.
    private var others: Set<String> = []

    /// Whether the folder is one in a folder of tracks, so that its images are labels.
    private var isOfTracks = false

    /// Manifests that cannot be read, whose results are not known.
    private(set) var damagedManifests: [String] = []

    init(in folder: String) {
        // A folder that cannot be listed is reported by whoever reads its images.
        addTracks(in: folder)
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        for name in names where name.hasSuffix(RunManifest.fileName) {
            let manifest = FileName.join(folder, name)
            if let prompted = PromptRecord(at: manifest) {
                let files = [manifest] + prompted.others.map { Self.whole($0, in: folder) }
                others.formUnion(files.map(RunManifest.whole))
                labels.insert(Self.whole(prompted.labels, in: folder))
                continue
            }
            if let noted = ResultRecord(at: manifest) {
                for result in noted.results { add(result, in: folder) }
                continue
            }
            guard let text = text(of: manifest) else { continue }
            others.insert(RunManifest.whole(manifest))
            others.insert(RunManifest.whole(FileName.join(folder, JoinedTable.fileName)))
            for output in text.items.flatMap(\.outputs) {
                let path = Self.whole(output.path, in: folder)
                if output.kind.holdsLabels { labels.insert(path) } else { others.insert(path) }
            }
        }
    }

    /// Adds the results of a movie.
    private mutating func addTracks(in folder: String) {
        if TrackRecordFile.isIn(folder) {
            for name in TrackResultKind.allCases.flatMap(\.names) { add(name, in: folder) }
        }
        let above = FileName.folder(of: RunManifest.whole(folder))
        isOfTracks = [above, FileName.folder(of: above)].contains { TrackRecordFile.isIn($0) }
    }

    /// Adds a result by its name.
    private mutating func add(_ result: String, in folder: String) {
        let holdsLabels = ResultKind.recognized(in: result)?.kind.holdsLabels ?? false
        let path = Self.whole(result, in: folder)
        if holdsLabels { labels.insert(path) } else { others.insert(path) }
    }

    /// Reads a manifest; nil if the file is damaged, or is the manifest of another program.
    private mutating func text(of manifest: String) -> ManifestText? {
        do {
            return try ManifestText(contentsOf: manifest)
        } catch ManifestError.noLine, ManifestError.foreignLine(_, line: 1) {
            // Other programs write files of this name, too.
        } catch {
            damagedManifests.append(manifest)
        }
        return nil
    }

    private static func whole(_ path: String, in folder: String) -> String {
        RunManifest.whole(path.hasPrefix("/") ? path : FileName.join(folder, path))
    }

    /// Whether a file is a result.
    ///
    /// - Parameter labels: Whether label images count, too.
    func holds(_ path: String, labels countsLabels: Bool) -> Bool {
        let name = FileName.last(of: path).lowercased()
        if ResultKind.overlayEndings.contains(where: name.hasSuffix) { return true }
        if name.hasSuffix(".zarr"), EmbeddingPlan.isStore(path) { return true }
        let whole = RunManifest.whole(path)
        if others.contains(whole) { return true }
        guard countsLabels else { return false }
        if isOfTracks || labels.contains(whole) { return true }
        // The true objects of a sample lie beside their image.
        let truth = "_truth.tif"
        guard name.hasSuffix(truth) else { return false }
        return FileStatus(of: String(path.dropLast(truth.count)) + ".tif") != nil
    }
}
