import UsamCommands

@main
struct Program {
    static func main() async { await Usam.main() }
}
