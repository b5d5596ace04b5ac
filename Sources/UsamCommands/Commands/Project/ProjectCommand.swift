import ArgumentParser

/// `usam project`: what lies in a project of the annotator.
struct ProjectCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "project",
        abstract: "Inspect and check projects of the annotator; import and export labels.",
        discussion: """
            usam project info cells.usam                     images, objects, status
            usam project history cells.usam --image 1        every edit
            usam project check cells.usam                    damage and contradictions
            usam project export cells.usam -o labels/        label images, tables, outlines
            usam project import cells.usam masks/            labels of other programs, to correct
            usam project replay cells.usam                   repeat all edits and compare

            A project that is open in the annotator cannot be used at the same time.
            """,
        subcommands: [
            ProjectInfo.self, ProjectHistory.self, ProjectCheckCommand.self, ProjectExport.self,
            ProjectImport.self, ProjectReplay.self,
        ]
    )
}
