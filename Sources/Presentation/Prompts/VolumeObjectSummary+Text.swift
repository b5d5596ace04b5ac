import Files
public import Jobs
import Prompting

extension [VolumeObjectSummary] {
    /// A table with a row for each object.
    public var table: String {
        let rows = map { summary in
            [
                "\(summary.object.id)", summary.object.name ?? "", "\(summary.voxels)",
                summary.slices.map { "\($0.lowerBound)-\($0.upperBound)" } ?? "-",
                "\(summary.shapeCount)",
            ]
        }
        return TextTable(
            header: [
                "object", "name", isMovie ? "pixels" : "voxels", isMovie ? "frames" : "slices",
                "shapes",
            ],
            rows: rows
        ).text
    }

    private var isMovie: Bool { first?.isMovie == true }

    /// What is said of objects of which nothing was found.
    public var remarks: [String] {
        filter { $0.voxels == 0 }.map {
            "object \($0.object.id): the model found nothing at its prompts"
        }
    }
}
