public import ArgumentParser
public import Prompting

extension PromptOptions.MaskChoice: ExpressibleByArgument {}
extension PromptOptions.Overlap: ExpressibleByArgument {}
extension PromptOptions.MaskPoints: ExpressibleByArgument {}
extension PromptReadingOptions.OutlineUse: ExpressibleByArgument {
    /// Reads the name, in American spelling, too.
    public init?(argument: String) {
        self.init(rawValue: argument == "center" ? "centre" : argument)
    }
}

extension LengthUnit: ExpressibleByArgument {
    /// Reads the name, or what programs write for it.
    public init?(argument: String) { self.init(named: argument) }
}
