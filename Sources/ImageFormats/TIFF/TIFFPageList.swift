import Prompting

/// All pages of a TIFF file in order, as far as they can be read.
struct TIFFPageList {
    /// The pages; nil for those that cannot be decoded here, or are not whole.
    private(set) var pages: [TIFFPage?] = []

    /// Descriptions of pages beyond the first that begin a series.
    private(set) var shaped: [Int: ShapedMetadata] = [:]

    /// The channels of pages that name one each.
    private(set) var channels: [Int: String] = [:]

    /// The description of the first page.
    private(set) var text: TIFFText?

    /// What was noticed.
    private(set) var notes: [ReadingNote] = []

    private var problem: ImageFormatError?

    init(_ file: borrowing TIFFFile, limits: ReadingLimits) throws(ImageFormatError) {
        text = file.text()
        try add(file, limits)
        var cut: String?
        do throws(ImageFormatError) {
            while try file.next() { try add(file, limits) }
        } catch {
            cut = error.problem
        }
        if let problem, pages.allSatisfy({ $0 == nil }) { throw problem }
        attachReducedPages()
        let removed = try removeCutPages(file, limits.byteCount)
        if removed > 0 || cut != nil {
            let reason = removed > 0 ? "the file ends within the pixels of a page" : cut ?? ""
            notes.append(.pagesCut(whole: pages.count { $0 != nil }, reason: reason))
        }
        let unusable = pages.count - pages.count { $0 != nil } - removed
        if unusable > 0, let problem {
            notes.append(.pagesUnusable(unusable, reason: problem.problem))
        }
    }

    /// The numbers of the pages that are planes: thumbnails and reduced images are none.
    var planes: [Int] {
        let full = pages.indices.filter { pages[$0].map { !$0.isReducedResolution } ?? false }
        return full.isEmpty ? pages.indices.filter { pages[$0] != nil } : full
    }

    /// The channels that pages are, each another; nil where they do not say so.
    func channels(of run: ArraySlice<Int>) -> [String]? {
        let names = run.compactMap { channels[$0] }
        return run.count > 1 && Set(names).count == run.count ? names : nil
    }

    /// Takes the selected page.
    private mutating func add(
        _ file: borrowing TIFFFile,
        _ limits: ReadingLimits
    ) throws(ImageFormatError) {
        do throws(ImageFormatError) {
            let page = try file.page()
            try page.checkSize(limits, file)
            if let text = file.shapedText(), let found = ShapedMetadata(text.text) {
                shaped[pages.count] = found
            }
            if QPIMetadata.isPart(text?.text), let found = QPIMetadata(file.text()?.text) {
                channels[pages.count] = found.channel
            }
            pages.append(page)
        } catch {
            // A file whose first page is damaged has nothing to hold on to.
            guard error.kind == .unsupported || !pages.isEmpty else { throw error }
            problem = problem ?? error
            pages.append(nil)
        }
    }

    /// Makes reduced images behind a page its levels, as if they hung below it.
    private mutating func attachReducedPages() {
        var last: Int?
        for index in pages.indices {
            guard let page = pages[index] else { continue }
            if page.isReducedResolution, let last {
                pages[last]?.subDirectories.append(page.directory)
            } else if !page.isReducedResolution {
                last = index
            }
        }
    }

    /// Leaves out pages at the end whose pixels are not all in the file.
    ///
    /// - Returns: How many.
    private mutating func removeCutPages(
        _ file: borrowing TIFFFile,
        _ byteCount: Int
    ) throws(ImageFormatError) -> Int {
        var removed = 0
        let whole = planes
        for index in whole.dropFirst().reversed() {
            guard let page = pages[index] else { continue }
            try file.select(page.directory)
            if try page.isWhole(in: file, byteCount) { break }
            pages[index] = nil
            removed += 1
        }
        return removed
    }
}

extension TIFFPage {
    /// Whether the blocks of the page end within the file; of many blocks, some are looked at.
    ///
    /// - Parameter file: The file, with this page selected.
    fileprivate func isWhole(
        in file: borrowing TIFFFile,
        _ byteCount: Int
    ) throws(ImageFormatError) -> Bool {
        let step = max(1, blockCount / 64)
        for index in [blockCount - 1] + Array(stride(from: 0, to: blockCount, by: step)) {
            let block = try file.block(index)
            let (end, overflow) = block.offset.addingReportingOverflow(block.bytes)
            if overflow || end > UInt64(byteCount) { return false }
        }
        return true
    }
}
