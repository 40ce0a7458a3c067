using System.CommandLine;
using Spindle.Cli.Terminal;
using Spindle.Hub;
using Spindle.Models.Checkpoints;

namespace Spindle.Cli.Commands.Backbones;

/// <summary><c>spindle backbones download</c>: downloads a backbone from the Hugging Face Hub.</summary>
internal static class DownloadCommand
{
    public static Command Create()
    {
        var name = new Argument<string>("name") { Description = "The repository: organisation/name, or just a name (roberta-base)." };
        var revision = new Option<string>("--revision") { Description = "A branch, a tag or a commit.", DefaultValueFactory = _ => "main" };
        var command = new Command("download",
            "Downloads a backbone into the Hugging Face cache, which other programs share. Files that are already there are not downloaded again, and an interrupted download resumes. "
            + "Honours HF_HOME, HF_HUB_CACHE, HF_TOKEN, HF_ENDPOINT and HF_HUB_OFFLINE.\n\n"
            + "Example:\n  spindle backbones download roberta-base")
        {
            name, revision,
        };
        command.SetAction((parsed, stop) => Run(parsed.GetRequiredValue(name), parsed.GetRequiredValue(revision), stop));
        return command;
    }

    private static async Task<int> Run(string name, string revision, CancellationToken stop)
    {
        var repository = new HubRepository(name);
        using var client = new HubClient(HubSettings.FromEnvironment());
        var download = new HubDownload(client, HubCache.Default);
        string folder;
        try
        {
            folder = await DownloadDisplay.Show(name, progress => download.Run(repository, revision, listing => BackboneFiles.Choose(repository, listing), progress, stop));
        }
        catch (OperationCanceledException)
        {
            Console.Error.WriteLine("spindle: interrupted; run the same command again to resume the download");
            return ExitCodes.Interrupted;
        }
        Console.WriteLine($"{name} in {folder}");
        return ExitCodes.Done;
    }
}
