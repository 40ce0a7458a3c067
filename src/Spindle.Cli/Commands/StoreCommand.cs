using System.CommandLine;
using Spindle.Search.Storage;

namespace Spindle.Cli.Commands;

/// <summary><c>spindle store</c>: what can be done with the store of a search.</summary>
internal static class StoreCommand
{
    public static Command Create() => new("store", "Copies the store of a search.") { Copy() };

    private static Command Copy()
    {
        var from = new Argument<string>("from") { Description = "The store of a search that is not running: a file, or a PostgreSQL database as postgres://USER:PASSWORD@HOST:PORT/DATABASE?schema=NAME." };
        var to = new Argument<string>("to") { Description = "Where to copy it: a file or a database. It does not exist yet, or holds an earlier state of the same search." };
        var command = new Command("copy",
            "Copies everything that a store keeps of a search, so that the search can be continued and reported from the copy.\n\n"
            + "Example:\n  spindle store copy studies/quickstart.db \"postgres://spindle@db.example/search?schema=quickstart\"")
        {
            from, to,
        };
        command.SetAction(parsed =>
        {
            var (source, target) = (parsed.GetRequiredValue(from), parsed.GetRequiredValue(to));
            var trials = StoreCopy.Run(source, target);
            Console.WriteLine(FormattableString.Invariant($"{trials} trials of {TrialStores.NameOf(source)} are in {TrialStores.NameOf(target)}"));
            return ExitCodes.Done;
        });
        return command;
    }
}
