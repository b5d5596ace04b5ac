/// A prompt in the JSON form that may name its plane itself, as people write it.
struct PlacedPrompt: Decodable {
    let prompt: Prompt
    let place: ObjectPlace

    init(from decoder: any Decoder) throws {
        prompt = try Prompt(from: decoder)
        place = try ObjectPlace(anyNamesFrom: decoder, named: false)
    }
}

extension ObjectPlace {
    private enum Key: String, CodingKey {
        case z, slice, t, frame, time, channel, c, axes, stack
    }

    /// Reads a place under the names that people use in tables, too.
    ///
    /// - Parameter named: Whether places on axes without names are read as well.
    init(anyNamesFrom decoder: any Decoder, named: Bool = true) throws {
        let values = try decoder.container(keyedBy: Key.self)
        func number(_ keys: Key...) throws -> Int? {
            var found: Int?
            for key in keys {
                // A time of day is no plane.
                if key == .time, values.contains(key),
                    (try? values.decode(String.self, forKey: key)) != nil
                {
                    continue
                }
                guard let value = try values.decodeIfPresent(Int.self, forKey: key) else {
                    continue
                }
                guard found == nil || found == value else {
                    throw DecodingError.dataCorruptedError(
                        forKey: key,
                        in: values,
                        debugDescription:
                            "the same plane has the numbers \(found ?? 0) and \(value)"
                    )
                }
                found = value
            }
            return found
        }
        self.init(
            z: try number(.z, .slice),
            t: try number(.t, .frame, .time),
            channel: try number(.channel, .c),
            axes: named ? try values.decodeIfPresent([Int].self, forKey: .axes) : nil,
            stack: named ? try values.decodeIfPresent(Int.self, forKey: .stack) : nil
        )
    }
}
