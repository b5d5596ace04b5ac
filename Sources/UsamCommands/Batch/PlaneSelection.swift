package import ImageFormats

/// Which plane of an image with several axes is meant; nil where the user did not say.
package struct PlaneSelection: Hashable, Sendable {
    /// Channel, from 0.
    package var channel: Int?

    /// Slice, from 0.
    package var z: Int?

    /// Time point, from 0.
    package var t: Int?

    /// Which of several images in the file, from 0.
    package var series: Int?

    /// The data set inside a container such as HDF5.
    package var key: String?

    /// Creates a selection; by default nothing is selected.
    package init(
        channel: Int? = nil,
        z: Int? = nil,
        t: Int? = nil,
        series: Int? = nil,
        key: String? = nil
    ) {
        self.channel = channel
        self.z = z
        self.t = t
        self.series = series
        self.key = key
    }

    /// How the file is opened.
    package var sourceOptions: ImageSource.Options {
        ImageSource.Options(series: series ?? 0, dataset: key)
    }

    /// The plane of an image with these axes.
    ///
    /// - Throws: ``CommandFailure`` that lists the axes if one of several planes has to be chosen,
    ///   or the chosen one does not exist.
    package func plane(of axes: ImageAxes, channelNames: [String] = [], file: String) throws
        -> PlaneIndex
    {
        let choices = [
            Choice(name: "channels", option: "--channel", count: axes.c, chosen: channel),
            Choice(name: "slices", option: "--z", count: axes.z, chosen: z),
            Choice(name: "time points", option: "--t", count: axes.t, chosen: t),
        ]
        for choice in choices {
            if let chosen = choice.chosen, !(0..<choice.count).contains(chosen) {
                throw CommandFailure(
                    "\(file): \(choice.option) \(chosen) does not exist; \(choice.extent)"
                )
            }
        }
        let open = choices.filter { $0.chosen == nil && $0.count > 1 }
        guard open.isEmpty else {
            let names = channelNames.isEmpty ? "" : " (\(channelNames.joined(separator: ", ")))"
            let counts = choices.filter { $0.count > 1 }
                .map { "\($0.count) \($0.name)" + ($0.option == "--channel" ? names : "") }
            let options = open.map { "\($0.option) 0...\($0.count - 1)" }
            throw CommandFailure(
                "\(file): the image has \(Wording.list(counts)), and one plane can be segmented; "
                    + "choose it with \(Wording.list(options)). Volumes and time series as a whole "
                    + "will come with a later version"
            )
        }
        return PlaneIndex(t: t ?? 0, c: channel ?? 0, z: z ?? 0)
    }

    private struct Choice {
        let name: String
        let option: String
        let count: Int
        let chosen: Int?

        var extent: String {
            count == 1
                ? "the image has only one, leave the option out"
                : "the image has \(count) \(name), counted from 0"
        }
    }
}
