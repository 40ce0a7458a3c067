using System.CommandLine;
using Spindle.Cli.Terminal;
using Spindle.Data.Tasks.Downloads;
using Spindle.Hub;

namespace Spindle.Cli.Commands.Data;

/// <summary><c>spindle data download</c>: fetches data sets from the Hugging Face Hub.</summary>
internal static class DownloadDataCommand
{
    public static Command Create()
    {
        var names = new Argument<string[]>("name")
        {
            Description = $"Data sets: {string.Join(", ", DatasetSource.Names)}, with a configuration after a slash (glue/rte, wmt16/ro-en), or organisation/name of the Hub.",
            Arity = ArgumentArity.OneOrMore,
        };
        var revision = new Option<string?>("--revision") { Description = "A branch, a tag or a commit; by default main, or the Hub's own Parquet files where main has no rows." };
        var command = new Command("download",
            "Fetches data sets into the Hugging Face cache, where Python's datasets finds them too; what was fetched before is not fetched again, and a broken download goes on. "
            + "Studies whose tasks are read from GLUE, XSum and WMT16 find them there without 'data'. HF_HOME, HF_HUB_CACHE, HF_TOKEN, HF_ENDPOINT and HF_HUB_OFFLINE are followed.\n\n"
            + "Example:\n  spindle data download glue/rte xsum wmt16/ro-en")
        {
            names, revision,
        };
        command.SetAction((parsed, stop) => Run(parsed.GetRequiredValue(names), parsed.GetValue(revision), stop));
        return command;
    }

    private static async Task<int> Run(string[] names, string? revision, CancellationToken stop)
    {
        DatasetSource[] sources = [.. names.Select(DatasetSource.Parse)];
        using var client = new HubClient(HubSettings.FromEnvironment());
        var download = new HubDownload(client, HubCache.Default);
        try
        {
            foreach (var (name, source) in names.Zip(sources))
            {
                var found = await RevisionOf(client, name, source, revision is null ? DatasetSource.Revisions : [revision], stop);
                var folder = await DownloadDisplay.Show(name, progress => download.Run(source.Repository, found, source.Choose, progress, stop));
                Console.WriteLine($"{name} in {folder}");
            }
        }
        catch (OperationCanceledException)
        {
            Console.Error.WriteLine("spindle: interrupted; the same command goes on with what was fetched");
            return ExitCodes.Interrupted;
        }
        return ExitCodes.Done;
    }

    private static async Task<string> RevisionOf(HubClient client, string name, DatasetSource source, IReadOnlyList<string> revisions, CancellationToken stop)
    {
        HubListing? first = null;
        foreach (var revision in revisions)
        {
            try
            {
                var listing = await client.List(source.Repository, revision, stop);
                if (source.Choose(listing).Count > 0) return revision;
                first ??= listing;
            }
            catch (InvalidDataException) when (first is not null)
            {
                break; // the Hub makes no Parquet files of this one
            }
        }
        var folders = first!.Files.Select(file => file.Name.Split('/')).Where(parts => parts.Length > 1).Select(parts => parts[0]).Distinct().Order(StringComparer.Ordinal).Take(20);
        throw new InvalidDataException($"{name}: {source.Repository.Name} has no rows there in Parquet, JSON lines, CSV or TSV; its folders are {string.Join(", ", folders.DefaultIfEmpty("none"))}");
    }
}
