import Imaging
import Prompting

/// All pages of a TIFF file and the series that they form.
///
/// Series are, in this order of preference: the images of OME-XML; the hyperstack of an ImageJ
/// description; the stack of MetaMorph or Zeiss LSM; the arrays that tifffile describes; otherwise runs
/// of consecutive pages of equal size, sample type and colour, each run a stack along `z`.
/// Thumbnails and pages that use something unsupported belong to no series.
struct TIFFDirectory {
    let series: [TIFFLayout]
    private let path: String

    init(
        _ source: TIFFSource,
        dimensionNames: [String]? = nil
    ) throws(ImageFormatError) {
        path = source.limits.path
        let builder = TIFFSeriesBuilder(source, dimensionNames)
        var layouts = try builder.layouts()
        let overview = VSIFolder.note(for: path).map { [$0] } ?? []
        for index in layouts.indices {
            try layouts[index].findLevels(source.tiff, limits: source.limits)
            let own = layouts[index].notes
            // What was found in spite of a cut replaces what the pages alone say.
            let isRecovered = own.contains { if case .pagesCut = $0 { true } else { false } }
            layouts[index].notes = overview + (isRecovered ? [] : source.list.notes) + own
        }
        series = layouts
    }

    func layout(series index: Int) throws(ImageFormatError) -> TIFFLayout {
        guard series.indices.contains(index) else {
            throw ImageFormatError(
                .outOfRange,
                path: path,
                "there is no series \(index)",
                advice: "the file has series 0 to \(series.count - 1)"
            )
        }
        return series[index]
    }

    var descriptions: [SeriesDescription] {
        series.map { SeriesDescription(name: $0.name, axes: $0.axes) }
    }
}
