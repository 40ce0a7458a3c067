using System.Diagnostics;
using Spindle.Tests;
using Spindle.Tests.Hub;

namespace Spindle.Cli.Tests;

/// <summary>Backbones from a Hub on the loopback, as a user fetches, lists and shows them.</summary>
public sealed class BackbonesTests : IDisposable
{
    private readonly DirectoryInfo home = Directory.CreateTempSubdirectory("spindle-home-");
    private readonly HubServer server = new();

    public void Dispose()
    {
        server.Dispose();
        home.Delete(recursive: true);
    }

    [Fact]
    public async Task A_downloaded_backbone_is_listed_shown_and_found_by_name()
    {
        server.WithFolder(SharedFiles.Fixture("models", "bert-tiny"));
        Assert.Contains("bert-tiny", (await Run("backbones", "show", SharedFiles.Fixture("models", "bert-tiny"))).Output, StringComparison.Ordinal);
        var (code, output, errors) = await Run("backbones", "download", "tiny/bert");
        Assert.True(code == 0, errors);
        var snapshot = Path.Combine(home.FullName, "hub", "models--tiny--bert", "snapshots", server.Commit);
        Assert.Contains(snapshot, output, StringComparison.Ordinal);
        // of what the repository holds, what a backbone needs, and its weights in one form
        Assert.Equal(["config.json", "model.safetensors"], Directory.EnumerateFiles(snapshot).Select(Path.GetFileName).Where(name => name != "generation_config.json").Order());

        var list = (await Run("backbones", "list")).Output;
        Assert.Contains("minilm-l6", list, StringComparison.Ordinal);
        Assert.Contains("tiny/bert", list, StringComparison.Ordinal);
        var show = (await Run("backbones", "show", "tiny/bert")).Output;
        Assert.Contains("tiny/bert", show, StringComparison.Ordinal);
        Assert.Contains("0.5% budget", show, StringComparison.Ordinal);
        Assert.Equal(0, (await Run("design", "sample", "--backbone", "tiny/bert")).Code);
    }

    [Fact]
    public async Task A_study_whose_backbone_is_not_here_says_how_to_fetch_it()
    {
        var (code, _, errors) = await Run("search", Path.Combine(SharedFiles.Repository, "studies", "paper", "roberta-base.yaml"), "--store", Path.Combine(home.FullName, "s.db"));
        Assert.Equal(2, code);
        Assert.Contains("spindle backbones download roberta-base", errors, StringComparison.Ordinal);
        Assert.Single(errors.TrimEnd().Split('\n'));
        Assert.Empty(home.EnumerateFiles());
    }

    [Theory]
    [InlineData(2, "check the name", "backbones", "download", "tiny/absent")]
    [InlineData(2, "is not a repository name", "backbones", "download", "../../etc")]
    [InlineData(2, "is not a revision", "backbones", "download", "tiny/bert", "--revision", "../x")]
    [InlineData(2, "has no config.json", "backbones", "download", "tiny/bert")]
    [InlineData(2, "backbones download nobody/nothing", "backbones", "show", "nobody/nothing")]
    public async Task What_cannot_be_downloaded_is_reported_in_one_line(int code, string wanted, params string[] arguments)
    {
        server.With("README.md", "nothing here"u8.ToArray());
        var result = await Run(arguments);
        Assert.Equal(code, result.Code);
        Assert.Contains(wanted, result.Errors, StringComparison.Ordinal);
        Assert.Single(result.Errors.TrimEnd().Split('\n'));
        Assert.Empty(home.EnumerateFileSystemInfos());
    }

    private Task<(int Code, string Output, string Errors)> Run(params string[] arguments) => Run(home.FullName, server, arguments);

    /// <summary>Runs the command with a separate home and a Hub on the loopback.</summary>
    internal static async Task<(int Code, string Output, string Errors)> Run(string home, HubServer server, string[] arguments)
    {
        var start = SpindleProcess.Start(arguments);
        start.Environment["HF_HOME"] = home;
        start.Environment["HF_ENDPOINT"] = server.Endpoint.ToString();
        foreach (var variable in (string[])["HF_HUB_CACHE", "HF_TOKEN", "HF_TOKEN_PATH", "HF_HUB_OFFLINE"]) start.Environment.Remove(variable);
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken), process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output, await errors);
    }
}
