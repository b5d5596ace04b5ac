import Imaging
import Prompting

/// One object on its way from slice to slice of a volume, or from frame to frame of a movie.
protocol Course {
    /// The predictions that can be made at once, one step further each.
    var questions: [CourseQuestion] { get }

    /// Takes the answer to a question.
    ///
    /// - Returns: The masks that the object gains, without the pixels of others.
    mutating func take(
        _ answer: PredictedMask,
        for question: CourseQuestion,
        _ occupancy: inout Occupancy
    ) throws -> [SliceMask]

    /// Goes on after all questions were answered.
    ///
    /// - Returns: Shapes that the object gains without a question.
    mutating func settle(_ occupancy: inout Occupancy) throws -> [SliceMask]
}

/// A prediction that is asked for.
struct CourseQuestion {
    /// What a prediction is asked for.
    enum Purpose: Hashable {
        /// A slice with prompts.
        case key(Int)
        /// The next slice of a front.
        case front(Int)
        /// A slice between two slices with masks.
        case between(Int, Between.Question)
    }

    let purpose: Purpose
    let slice: Int
    let prompts: PromptedObject
    let options: PromptOptions
}

/// How the prompts and the masks of an object become questions, and answers become its parts.
struct Projector {
    let object: VolumeObject
    let options: PropagationOptions

    /// How prompts of people become masks.
    let prompting: PromptOptions

    /// Asks for a slice with prompts; nil if it has none.
    func question(ofKey slice: Int) -> CourseQuestion? {
        object.planar(slice: slice).map {
            CourseQuestion(purpose: .key(slice), slice: slice, prompts: $0, options: prompting)
        }
    }

    /// Asks for a slice by showing a mask to the model there.
    func question(
        _ mask: RunLengthMask,
        to slice: Int,
        _ purpose: CourseQuestion.Purpose
    ) -> CourseQuestion {
        var projection = options.projection
        if options.followsReference, projection.points == .single,
            case .between(_, .middle) = purpose
        {
            projection.points = .several
        }
        var chosen = projection.promptOptions(boxExtension: options.boxExtension)
        (chosen.keepsPointedPart, chosen.fillsHoles) =
            (prompting.keepsPointedPart, prompting.fillsHoles)
        (chosen.maskThreshold, chosen.batchSize) = (prompting.maskThreshold, prompting.batchSize)
        let prompts = PromptedObject(
            id: object.id,
            place: ObjectPlace(z: slice),
            prompts: [.mask(EncodedMask(mask))]
        )
        return CourseQuestion(purpose: purpose, slice: slice, prompts: prompts, options: chosen)
    }

    /// Gives the object what it gained.
    ///
    /// - Parameter answer: That of the model, for masks that are no shapes.
    func parts(
        _ gained: [Between.Gain],
        _ answer: PredictedMask?,
        _ occupancy: inout Occupancy
    ) throws -> [SliceMask] {
        var result: [SliceMask] = []
        for gain in gained {
            let mask =
                gain.isShape
                ? try occupancy.free(gain.mask, slice: gain.slice) : gain.mask
            guard !mask.isEmpty else { continue }
            occupancy.take(mask, slice: gain.slice)
            let isShape = gain.isShape
            result.append(
                part(gain.slice, mask, isShape ? nil : answer, isShape ? .shape : .projection)
            )
        }
        return result
    }

    /// The part of the object in a slice.
    func part(
        _ slice: Int,
        _ mask: RunLengthMask,
        _ answer: PredictedMask?,
        _ origin: SliceMask.Origin
    ) -> SliceMask {
        SliceMask(
            object: object.id,
            slice: slice,
            pixels: mask,
            score: answer?.score ?? 0,
            stability: answer?.stability ?? 0,
            origin: origin
        )
    }
}
