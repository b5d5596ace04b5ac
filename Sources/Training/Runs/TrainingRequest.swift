import Files
import Foundation
public import ImageFormats

/// What is to be trained: data, and what the user decided; everything else is left to a ``TrainingPlan``.
///
/// ```swift
/// var request = TrainingRequest(images: images, labels: labels)
/// request.choices.limits.minutes = 10
/// ```
public struct TrainingRequest: Sendable {
    /// The data sets; of a recipe that was read also the options of training.
    public var recipe: TrainingRecipe

    /// The file of the recipe, of which all options are taken; nil if they are planned.
    public let recipeFile: String?

    /// The text of this file, by which a run is recognised when it goes on.
    let recipeText: String?

    /// What the user decided, limits included; beside a recipe only seed and limits count.
    public var choices = TrainingChoices()

    /// Defaults for a kind of machine; without effect beside a recipe.
    public var preset = TrainingPreset.auto

    /// Whether labels that look like classes are meant, so that there is no warning.
    public var acceptsClasses = false

    /// Asks for a training on some files.
    ///
    /// - Parameters:
    ///   - images: Image files in the order of their labels, or with names that tell which belong together.
    ///   - labels: A label image for each: 0 is background, every object has a number of its own.
    ///   - validationImages: Images for validation; none to keep a part of the others.
    ///   - validationLabels: Their label images.
    ///   - reading: How all files are read.
    public init(
        images: [String],
        labels: [String],
        validationImages: [String] = [],
        validationLabels: [String] = [],
        reading: AnnotatedImage.ReadingOptions = AnnotatedImage.ReadingOptions()
    ) {
        func entry(_ images: [String], _ labels: [String]) -> TrainingRecipe.Entry {
            var entry = TrainingRecipe.Entry(
                images: images,
                labels: labels,
                sampling: SamplingOptions()
            )
            entry.reading = reading
            return entry
        }
        recipe = TrainingRecipe(
            data: [entry(images, labels)],
            validation: validationImages.isEmpty ? [] : [entry(validationImages, validationLabels)],
            training: TrainingOptions(),
            folder: URL(filePath: ".", directoryHint: .isDirectory)
        )
        recipeFile = nil
        recipeText = nil
    }

    /// Asks for the training that a recipe describes.
    ///
    /// Names in it that stand for several files, folders or patterns, are left to the caller; see
    /// ``TrainingRecipe/replacingNames(_:)``.
    ///
    /// - Throws: ``TrainingRecipeError`` with the place in the file.
    public init(recipe file: String) throws {
        recipe = try TrainingRecipe(contentsOf: URL(filePath: file))
        recipeFile = file
        recipeText = try String(contentsOfFile: file, encoding: .utf8)
    }

    /// The data sets with what of their sampling is known before there is a plan.
    var sampledRecipe: TrainingRecipe {
        guard recipeFile == nil else { return recipe }
        func sampled(_ entries: [TrainingRecipe.Entry]) -> [TrainingRecipe.Entry] {
            entries.map { entry in
                var entry = entry
                if let size = choices.minimumSize { entry.sampling.minimumSize = size }
                if let intensities = choices.intensities {
                    entry.sampling.intensities = intensities
                }
                return entry
            }
        }
        var recipe = recipe
        (recipe.data, recipe.validation) = (sampled(recipe.data), sampled(recipe.validation))
        return recipe
    }
}
