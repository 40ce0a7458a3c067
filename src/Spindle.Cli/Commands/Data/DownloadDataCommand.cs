using System.CommandLine;
using Spindle.Cli.Terminal;
using Spindle.Data.Tasks.Downloads;
using Spindle.Hub;

namespace Spindle.Cli.Commands.Data;

/// <summary><c>spindle data download</c>: downloads data sets from the Hugging Face Hub.</summary>
internal static class DownloadDataCommand
{
    public static Command Create()
    {
        var names = new Argument<string[]>("name")
        {
            Description = $"Data sets: {string.Join(", ", DatasetSource.Names)}, with a configuration after a slash (glue/rte, wmt16/ro-en), or organisation/name on the Hub.",
            Arity = ArgumentArity.OneOrMore,
        };
        var revision = new Option<string?>("--revision") { Description = "A branch, a tag or a commit. By default main, or the Parquet files that the Hub generates if main has no rows." };
        var command = new Command("download",
            "Downloads data sets into the Hugging Face cache, which Python's datasets library shares. Files that are already there are not downloaded again, and an interrupted download resumes. "
            + "Studies on GLUE, XSum and WMT16 find them there without 'data'. Honours HF_HOME, HF_HUB_CACHE, HF_TOKEN, HF_ENDPOINT and HF_HUB_OFFLINE.\n\n"
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
            Console.Error.WriteLine("spindle: interrupted; run the same command again to resume the download");
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
                break; // the Hub generates no Parquet files for this data set
            }
        }
        var folders = first!.Files.Select(file => file.Name.Split('/')).Where(parts => parts.Length > 1).Select(parts => parts[0]).Distinct().Order(StringComparer.Ordinal).Take(20);
        throw new InvalidDataException($"{name}: {source.Repository.Name} holds no rows in Parquet, JSON lines, CSV or TSV under that name; its folders are {string.Join(", ", folders.DefaultIfEmpty("none"))}");
    }
}
