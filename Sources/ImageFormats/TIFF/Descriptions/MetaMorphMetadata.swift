/// The planes of a MetaMorph stack (STK): one page, and the pixels of all planes behind each other.
///
/// Its tags count planes, not values: `UIC2` (33629) holds six numbers of four bytes for each.
struct MetaMorphMetadata {
    let planes: Int

    /// Whether planes differ in depth.
    let isDeep: Bool

    /// Distance of two slices in `unit`.
    let spacing: Double?

    /// Width and height of a pixel in `unit`.
    let pixel: (x: Double, y: Double)?

    let unit: String?

    /// Reads the tags of the first page; nil if MetaMorph did not write it.
    init?(_ tags: TIFFTags, _ raw: borrowing RawFile) throws(ImageFormatError) {
        guard let second = tags[33629], tags[33628] != nil || tags[33630] != nil, second.count > 0
        else { return nil }
        planes = second.count
        let numbers = try tags.longs(raw, at: second.offset, count: 6 * planes)
        let distances = (0..<planes).map { plane -> Double in
            let (numerator, denominator) = (numbers[6 * plane], numbers[6 * plane + 1])
            return denominator == 0 ? 0 : Double(numerator) / Double(denominator)
        }
        isDeep = planes > 1 && distances.allSatisfy { $0 > 0 }
        spacing = isDeep ? distances[0] : nil
        let isRecorded = Set((0..<planes).map { numbers[6 * $0 + 3] }).count == planes
        isTimeSeries = !isDeep && planes > 1 && isRecorded
        (pixel, unit) = try Self.calibration(tags, raw)
    }

    /// Whether each plane was recorded at another time.
    let isTimeSeries: Bool

    /// Pairs of a number and a value or the place of one, in `UIC1` (33628).
    private static func calibration(
        _ tags: TIFFTags,
        _ raw: borrowing RawFile
    ) throws(ImageFormatError) -> (pixel: (x: Double, y: Double)?, unit: String?) {
        guard let first = tags[33628], first.type == 4, first.count > 1 else { return (nil, nil) }
        let numbers = try tags.longs(raw, at: first.offset, count: 2 * first.count)
        var values: [UInt32: UInt32] = [:]
        for index in 0..<first.count { values[numbers[2 * index]] = numbers[2 * index + 1] }
        func fraction(_ key: UInt32) throws(ImageFormatError) -> Double? {
            guard let place = values[key] else { return nil }
            let parts = try tags.longs(raw, at: UInt64(place), count: 2)
            let value = Double(parts[0]) / Double(parts[1])
            return value.isFinite && value > 0 ? value : nil
        }
        guard values[4] != 0, let x = try fraction(5), let y = try fraction(6),
            let place = values[7]
        else { return (nil, nil) }
        let length = try tags.longs(raw, at: UInt64(place), count: 1)[0]
        guard length <= 64 else { return (nil, nil) }
        let name = try raw.bytes(at: UInt64(place) + 4, count: Int(length))
        let unit = normalizedUnit(String(decoding: name.prefix { $0 != 0 }, as: UTF8.self))
        return unit == nil ? (nil, nil) : ((x, y), unit)
    }
}
