extension PhysicalSize {
    /// Dots per inch that programs write for screens and printers.
    ///
    /// Lower ones, such as 72 and 300, are more than 50 µm.
    private static let officeResolutions: [Double] = [600, 720, 800, 1200, 1440, 2400, 4800]

    /// The size of a pixel that a resolution in the header of a TIFF, PNG or JPEG stands for.
    ///
    /// Most programs write there how large a picture is to be printed. So a resolution of screens and
    /// printers is no size of a pixel, nor is anything above 50 µm, nor pixels that are far from square.
    ///
    /// - Parameters:
    ///   - x: Micrometres for each pixel.
    ///   - y: The same down.
    init(resolution x: Double, _ y: Double) {
        self.init()
        guard x.isFinite, y.isFinite, x > 0, y > 0, max(x, y) <= 50, max(x, y) < 20 * min(x, y)
        else { return }
        // Files round to whole dots per centimetre or metre.
        let isOffice = Self.officeResolutions.contains { dots in
            [x, y].allSatisfy { abs(25400 / $0 / dots - 1) < 2e-3 }
        }
        guard !isOffice else { return }
        (self.x, self.y, unit) = (x, y, "\u{B5}m")
    }
}
