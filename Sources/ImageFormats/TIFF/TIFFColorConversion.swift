import Imaging

/// What becomes of samples that are not intensities.
///
/// Inverted grey of signed, floating-point and 64-bit samples has no defined largest value and stays as
/// it is stored.
struct TIFFColorConversion: Sendable {
    let colorModel: ColorModel
    let sampleType: SampleType
    private let step: Step

    private enum Step {
        case none, cmyk
        /// Larger is darker; the largest value that can be stored.
        case invert(UInt64)
        /// Red, green and blue of each index.
        case palette([UInt8])
    }

    init(
        layout: TIFFLayout,
        file: borrowing TIFFFile,
        requested: ImageSource.Options.ColorConversion
    ) throws(ImageFormatError) {
        let type = layout.page.samples.sampleType
        let converts = requested == .toRGB
        let isDisplayOnly = layout.hasDisplayPalette
        var step = Step.none
        switch layout.page.colorModel {
        case .grey, .channels: colorModel = .grey
        case .greyAlpha: colorModel = .greyAlpha
        case .rgb: colorModel = .rgb
        case .rgba: colorModel = .rgba
        case .invertedGrey:
            colorModel = converts || isDisplayOnly ? .grey : .invertedGrey
            if converts, !isDisplayOnly { step = .invert(largestValue(layout.page.samples)) }
        case .cmyk:
            colorModel = converts ? .rgb : .cmyk
            if converts { step = .cmyk }
        case .palette:
            colorModel = isDisplayOnly ? .grey : converts ? .rgb : .palette
            if converts, !isDisplayOnly {
                try file.select(layout.page.directory)
                step = .palette(eightBits(try file.palette(bits: layout.page.samples.bits)))
            }
        }
        if case .palette = step { sampleType = .uint8 } else { sampleType = type }
        self.step = step
    }

    func apply(to raster: AnyRaster) -> AnyRaster {
        switch (step, raster) {
        case (.none, _): raster
        case (.palette(let colors), .uint8(let indices)): .uint8(look(up: indices, in: colors))
        case (.palette(let colors), .uint16(let indices)): .uint8(look(up: indices, in: colors))
        case (.cmyk, .uint8(let inks)): .uint8(rgb(fromInks: inks))
        case (.cmyk, .uint16(let inks)): .uint16(rgb(fromInks: inks))
        case (.invert(let most), .uint8(let grey)): .uint8(grey.map { UInt8(clamping: most) - $0 })
        case (.invert(let most), .uint16(let grey)):
            .uint16(grey.map { UInt16(clamping: most) - $0 })
        case (.invert(let most), .uint32(let grey)):
            .uint32(grey.map { UInt32(clamping: most) - $0 })
        default: raster
        }
    }
}

extension TIFFColorConversion {
    /// The look-up of palette indices; an index that the palette lacks cannot occur, as the palette
    /// has an entry for every value of the stored bits.
    private func look<Index: FixedWidthInteger & Sendable>(
        up indices: Raster<Index>,
        in colors: [UInt8]
    ) -> Raster<UInt8> {
        var samples = [UInt8](repeating: 0, count: indices.samples.count * 3)
        for (pixel, index) in indices.samples.enumerated() {
            for channel in 0..<3 { samples[3 * pixel + channel] = colors[3 * Int(index) + channel] }
        }
        return Raster(unchecked: indices.size, channels: 3, samples: samples)
    }
}

/// The largest value of unsigned samples with so many bits.
private func largestValue(_ samples: StoredSamples) -> UInt64 {
    samples.bits >= 64 ? .max : (1 << UInt64(samples.bits)) - 1
}

/// Palettes hold 16 bits a colour, except those of some old programs.
private func eightBits(_ palette: [UInt16]) -> [UInt8] {
    let isWide = palette.contains { $0 > 255 }
    return palette.map { UInt8(isWide ? $0 >> 8 : $0) }
}

/// Red, green and blue of inks where 0 is no ink, without a colour profile.
func rgb<Sample: FixedWidthInteger & UnsignedInteger & Sendable>(
    fromInks inks: Raster<Sample>
) -> Raster<Sample> {
    let most = UInt64(Sample.max)
    var samples: [Sample] = []
    samples.reserveCapacity(inks.size.count * 3)
    for pixel in stride(from: 0, to: inks.samples.count, by: 4) {
        let black = most - UInt64(inks.samples[pixel + 3])
        for ink in 0..<3 {
            let value = (most - UInt64(inks.samples[pixel + ink])) * black / most
            samples.append(Sample(value))
        }
    }
    return Raster(unchecked: inks.size, channels: 3, samples: samples)
}
