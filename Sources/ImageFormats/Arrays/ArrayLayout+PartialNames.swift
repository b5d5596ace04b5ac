import Files

extension ArrayLayout {
    /// The layout of an array of which only some dimensions have names of axes: these keep their meaning, and the
    /// others have what is usual of so many.
    ///
    /// - Returns: Nil if no name is that of an axis, or if the others make no image with it; rows and columns
    ///   that are named leave nothing that is usual for others.
    init?(partialNames names: [String], shape: [Int]) {
        let known = names.map(Self.letter)
        let open = known.indices.filter { known[$0] == nil }
        let taken = known.compactMap(\.self)
        guard names.count == shape.count, !open.isEmpty, !taken.isEmpty,
            !(taken.contains("y") && taken.contains("x"))
        else { return nil }
        var filling = ArrayLayout(shape: open.map { shape[$0] })?.names ?? []
        if filling.isEmpty || !Set(filling).isDisjoint(with: taken) {
            filling = Array(Array("tczyx").filter { !taken.contains($0) }.suffix(open.count))
        }
        guard filling.count == open.count else { return nil }
        var letters = known.map { $0 ?? "1" }
        for (index, letter) in zip(open, filling) { letters[index] = letter }
        self.init(letters: letters, shape: shape)
    }

    /// Whether a word is the name of an axis.
    static func isAxis(_ name: String) -> Bool { letter(name) != nil }

    /// Whether some of the names are meant as names of axes: as words, or as letters where the others are empty.
    ///
    /// In `a, b, c` the last one is no channel.
    static func namesSome(_ names: [String]) -> Bool {
        let known = names.filter(isAxis)
        return known.contains { $0.count > 1 }
            || !known.isEmpty && names.allSatisfy { $0.isEmpty || isAxis($0) }
    }

    /// Whether rows and columns are named, so that another name is meant as that of an axis, too.
    static func namesPlane(_ names: [String]) -> Bool {
        Set(names.compactMap(letter)).isSuperset(of: ["y", "x"])
    }

    /// What is said where only some dimensions have names of axes.
    func partialNote(_ stored: [String]) -> String {
        let words: [Character: String] = [
            "t": "time points", "c": "channels", "z": "slices", "y": "rows", "x": "columns",
            "s": "colours",
        ]
        let guessed = zip(stored, names).filter { !Self.isAxis($0.0) }.compactMap { words[$0.1] }
        let known = stored.filter(Self.isAxis)
        return "only \(Wording.list(known)) \(known.count == 1 ? "is the name" : "are names") of "
            + "\(known.count == 1 ? "an axis" : "axes"); the other dimensions are taken as "
            + Wording.list(guessed)
    }
}
