import Foundation
import Imaging

/// The image of a pair, read plane by plane by the rules of segmentation: the only place here that reads its
/// pixels.
///
/// The colours of an RGB image can be selected like channels, several channels become red, green and blue,
/// and the opacity of grey pixels is dropped.
struct StoredPlanes: Sendable {
    let axes: ImageAxes
    let sampleType: SampleType

    /// Samples of a pixel of what is read.
    let samples: Int

    private let source: ImageSource
    private let channels: [Int]
    private let selectsColors: Bool
    private let dropsOpacity: Bool

    init(_ pair: AnnotatedImage, _ options: AnnotatedPlanes.Options) throws {
        source = try ImageSource(
            opening: URL(filePath: pair.image),
            options: ImageSource.Options(dataset: pair.reading.imageKey)
        )
        let description = source.description
        axes = description.axes
        sampleType = description.sampleType
        let hasColors = axes.c == 1 && [.rgb, .rgba].contains(description.colorModel)
        var chosen = pair.reading.channels
        if chosen == nil, axes.c == 3, options.takesThreeChannelsAsColors { chosen = [0, 1, 2] }
        selectsColors = hasColors && chosen != nil
        let count = selectsColors ? 3 : axes.c
        guard let channels = chosen ?? (count == 1 ? [0] : nil) else {
            throw DataSetError.channelsUndecided(image: pair.image, count: count)
        }
        guard (1...3).contains(channels.count), channels.allSatisfy((0..<count).contains) else {
            throw DataSetError.channelsMissing(image: pair.image, channels: channels, count: count)
        }
        guard selectsColors || channels.count == 1 || description.samplesPerPixel == 1 else {
            throw DataSetError.channelsOfColors(
                image: pair.image,
                samples: description.samplesPerPixel
            )
        }
        self.channels = channels
        dropsOpacity = description.colorModel == .greyAlpha && !options.keepsOpacity
        samples =
            selectsColors || channels.count > 1
            ? channels.count : dropsOpacity ? 1 : description.samplesPerPixel
    }

    func read(plane: Int, region: Region) throws -> AnyRaster {
        let (t, z) = plane.quotientAndRemainder(dividingBy: axes.z)
        func stored(_ channel: Int) throws -> AnyRaster {
            let pixels = try source.read(PlaneIndex(t: t, c: channel, z: z), region: region)
            return dropsOpacity ? pixels.channel(0) : pixels
        }
        let planes: [AnyRaster]
        if selectsColors {
            let pixels = try stored(0)
            planes = channels.map { pixels.channel($0) }
        } else {
            planes = try channels.map(stored)
        }
        return planes.count == 1 ? planes[0] : try AnyRaster(channels: planes)
    }
}
