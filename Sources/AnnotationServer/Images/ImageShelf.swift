import Annotations
import Files
import Foundation
import ImageFormats

/// The images of the project that are open; those not used for long are closed.
actor ImageShelf {
    private let folders: OpenedFolders
    private let base: URL
    private let cacheFolder: String
    private let work: BlockingWork

    /// Whether the opacity of grey pixels takes part in what a model sees.
    let keepsOpacity: Bool

    private var open: [Int64: (image: Task<OpenImage, any Error>, used: UInt64)] = [:]
    private var clock: UInt64 = 0

    /// Most files that are open at a time.
    private static let capacity = 64

    /// - Parameters:
    ///   - folders: Where images may lie.
    ///   - base: What paths of images are relative to.
    ///   - cacheFolder: For resolution levels that are made.
    ///   - keepsOpacity: Whether the opacity of grey pixels takes part in what a model sees.
    init(
        folders: OpenedFolders,
        base: URL,
        cacheFolder: String,
        work: BlockingWork,
        keepsOpacity: Bool
    ) {
        self.keepsOpacity = keepsOpacity
        self.folders = folders
        self.base = base
        self.cacheFolder = cacheFolder
        self.work = work
    }

    /// An image of the project, opened if it is not.
    func image(_ image: ProjectImage) async throws -> OpenImage {
        let (id, entry) = (image.id, image.entry)
        clock += 1
        if let known = open[id] {
            open[id]?.used = clock
            do {
                return try await known.image.value
            } catch {
                // What failed is tried again by the next request.
                if open[id]?.image == known.image { open[id] = nil }
                throw error
            }
        }
        let task = Task { [folders, base, cacheFolder, work] in
            try await work.run {
                let url = try folders.url(of: entry.path, in: base)
                let files = try entry.files.map { path throws(ServerError) in
                    try folders.url(of: path, in: base)
                }
                return try OpenImage(
                    opening: url,
                    of: files,
                    entry.selection,
                    cacheFolder: cacheFolder
                )
            }
        }
        open[id] = (task, clock)
        makeRoom()
        do {
            return try await task.value
        } catch {
            if open[id]?.image == task { open[id] = nil }
            throw error
        }
    }

    /// The image of a number if it is open, or why it could not be opened; nil if nobody has asked for it.
    func opened(_ id: Int64) async -> Result<OpenImage, any Error>? {
        await open[id]?.image.result
    }

    private func makeRoom() {
        while open.count > Self.capacity,
            let oldest = open.min(by: { $0.value.used < $1.value.used })?.key
        {
            open[oldest] = nil
        }
    }
}
