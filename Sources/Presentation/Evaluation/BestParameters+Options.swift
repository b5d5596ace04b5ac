import Evaluation
public import Judging
import Prompting

extension BestParameters {
    /// The options of `usam segment` that stand for the mode and these parameters.
    public var optionText: String {
        let options = parameters.keys.sorted().compactMap { name -> String? in
            guard let value = parameters[name] else { return nil }
            let option = "--\(name.replacing("_", with: "-"))"
            if ParameterTable.isSwitch(name) { return value.flag ? option : nil }
            return "\(option) \(value)"
        }
        return (["--mode \(mode.rawValue)"] + options).joined(separator: " ")
    }
}
