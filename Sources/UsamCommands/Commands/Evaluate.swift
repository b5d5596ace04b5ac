import ArgumentParser

/// `usam evaluate`: how good labels, or the labels that a model finds, are.
struct Evaluate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Score label images, or the objects that a model finds.",
        discussion: """
            usam evaluate --labels truth/ --predictions labels/           label images
            usam evaluate automatic images/ --labels truth/ --model M     a model, without prompts
            usam evaluate interactive images/ --labels truth/ --model M   a model, with prompts
            usam evaluate grid-search images/ --labels truth/ -o search   the best parameters
            usam evaluate sets sets.json --data data/ --model M           several data sets
            usam evaluate tracks 01_RES --truth 01_GT                     objects through time
            """,
        subcommands: [
            EvaluateLabels.self, EvaluateAutomatic.self, EvaluateInteractive.self,
            EvaluateGridSearch.self, EvaluateSets.self, EvaluateTracks.self,
        ],
        defaultSubcommand: EvaluateLabels.self
    )
}
