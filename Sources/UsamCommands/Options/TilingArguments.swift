import ArgumentParser
import Imaging
import Prompting
import Segmentation

/// Whether and how images are divided into tiles.
struct TilingArguments: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Size of tiles: HEIGHT,WIDTH or one number; 'none' for no tiles.",
            discussion:
                "'none' reduces a large image to 1024 pixels. Without the option, images with a side of more than 1536 pixels are divided into equal tiles that the model sees "
                + "at full resolution, with a halo of 128.",
            valueName: "pixels"
        )
    )
    var tileShape: TileShape?

    @Option(
        help: ArgumentHelp(
            "How far tiles reach into their neighbours: VERTICALLY,HORIZONTALLY or one number.",
            discussion: "Needs --tile-shape. Default: a sixth of the tile.",
            valueName: "pixels"
        )
    )
    var halo: TileShape?

    @Option(
        help: ArgumentHelp(
            "Diameter of the objects in pixels; if they are too small for the model, the image is enlarged.",
            discussion:
                "Without it, models with a best diameter, such as usam-tiny, first measure the objects in the "
                + "whole image. '--tile-shape none' turns off measuring and enlarging.",
            valueName: "pixels"
        )
    )
    var diameter: Double?

    func validate() throws {
        if let diameter {
            guard tileShape == nil else {
                throw ValidationError(
                    "--diameter and --tile-shape both decide about tiles; give only one of them."
                )
            }
            guard diameter >= 1 else {
                throw ValidationError("--diameter is \(diameter); it must be 1 pixel or more.")
            }
        }
        if let halo {
            guard case .pixels(let halo) = halo else {
                throw ValidationError("--halo is a number of pixels, 0 for none.")
            }
            guard case .pixels(let tile) = tileShape else {
                throw ValidationError("--halo needs --tile-shape.")
            }
            guard halo.width <= tile.width, halo.height <= tile.height else {
                throw ValidationError("--halo is larger than the tiles.")
            }
        }
        if case .pixels(let tile) = tileShape, min(tile.width, tile.height) < 16 {
            throw ValidationError(
                "--tile-shape is \(tile); a tile must have at least 16 pixels per side."
            )
        }
    }

    /// The choice that was made.
    var value: TilingChoice {
        if let diameter { return .objects(diameter: diameter) }
        return switch tileShape {
        case nil: .automatic
        case .some(.none): .never
        case .pixels(let tile):
            .always(TilingOptions(tileShape: tile, halo: haloSize(of: tile)))
        }
    }

    private func haloSize(of tile: Size) -> Size {
        if case .pixels(let size) = halo { return size }
        return Size(width: tile.width / 6, height: tile.height / 6)
    }
}

/// From which size on all objects of an image are found tile by tile; prompts and embeddings need no joining.
struct JoiningArguments: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Segment images with at least this many pixels tile by tile, and join objects across tiles.",
            discussion: "This needs memory for only a few tiles. Default: 8192 x 8192 "
                + "pixels, or fewer if such an image would take more than half of the memory.",
            valueName: "pixels"
        )
    )
    var joinFrom: Int?

    /// From which size on planes are joined from their tiles.
    var limits: PlanningLimits { joinFrom.map(PlanningLimits.init(joinedPixels:)) ?? .machine }
}

/// A size of tiles, as the user writes it.
enum TileShape: Hashable, Sendable, ExpressibleByArgument {
    /// No tiles.
    case none
    /// Height and width.
    case pixels(Size)

    init?(argument: String) {
        if argument == "none" {
            self = .none
            return
        }
        let parts = argument.split(separator: ",", omittingEmptySubsequences: false)
        let sides = parts.compactMap { Int($0) }
        guard sides.count == parts.count, (1...2).contains(sides.count),
            sides.allSatisfy({ (0...1 << 20).contains($0) })
        else { return nil }
        self = .pixels(Size(width: sides[sides.count - 1], height: sides[0]))
    }
}
