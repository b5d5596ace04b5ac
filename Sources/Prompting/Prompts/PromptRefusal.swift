/// An error that lies in the prompts, not in the machine: other prompts would be answered.
public protocol PromptRefusal: Error, CustomStringConvertible {}
