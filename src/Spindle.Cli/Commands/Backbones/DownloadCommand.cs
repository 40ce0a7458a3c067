using System.CommandLine;
using Spindle.Cli.Terminal;
using Spindle.Hub;
using Spindle.Models.Checkpoints;

namespace Spindle.Cli.Commands.Backbones;

/// <summary><c>spindle backbones download</c>: fetches a backbone from the Hugging Face Hub.</summary>
internal static class DownloadCommand
{
    public static Command Create()
    {
        var name = new Argument<string>("name") { Description = "The repository: organisation/name, or a name alone (roberta-base)." };
        var revision = new Option<string>("--revision") { Description = "A branch, a tag or a commit.", DefaultValueFactory = _ => "main" };
        var command = new Command("download",
            "Fetches a backbone into the Hugging Face cache, where other programs find it too; what was fetched before is not fetched again, and a broken download goes on. "
            + "HF_HOME, HF_HUB_CACHE, HF_TOKEN, HF_ENDPOINT and HF_HUB_OFFLINE are followed.\n\n"
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
            Console.Error.WriteLine("spindle: interrupted; the same command goes on with what was fetched");
            return ExitCodes.Interrupted;
        }
        Console.WriteLine($"{name} in {folder}");
        return ExitCodes.Done;
    }
}
