using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Spindle.Tests.Library;

/// <summary>The notebooks of <c>docs/notebooks</c>, run cell by cell by the kernel of .NET Interactive in <c>dotnet-repl</c>.</summary>
[Trait("Category", "Notebook")]
public class NotebookTests
{
    private static readonly string Manifest = Path.Combine(".config", "dotnet-tools.json");

    public static TheoryData<string> Notebooks => [.. Directory.GetFiles(Path.Combine(SharedFiles.Repository, "docs", "notebooks"), "*.ipynb").Select(file => Path.GetFileName(file)!)];

    [Theory]
    [MemberData(nameof(Notebooks))]
    public async Task Every_cell_of_a_notebook_runs(string name)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the folder is laid out as for Linux");
        Assert.SkipUnless((await Repl(SharedFiles.Repository, "--help")).Code == 0, "needs the tools of .config/dotnet-tools.json: run 'dotnet tool restore'");
        var folder = Directory.CreateTempSubdirectory("spindle-test-").FullName;
        try
        {
            // a tool is found from the folder where it runs, which is where the cells write
            Directory.CreateDirectory(Path.Combine(folder, ".config"));
            File.Copy(Path.Combine(SharedFiles.Repository, Manifest), Path.Combine(folder, Manifest));
            var notebook = Path.Combine(folder, name);
            File.Copy(Path.Combine(SharedFiles.Repository, "docs", "notebooks", name), notebook);
            Publish(Path.Combine(folder, "spindle"));
            var output = Path.Combine(folder, "out.ipynb");
            var (code, log) = await Repl(folder, "--run", notebook, "--exit-after-run", "--output-format", "ipynb", "--output-path", output);
            Assert.True(File.Exists(output), log);
            var cells = JsonNode.Parse(await File.ReadAllTextAsync(output, TestContext.Current.CancellationToken))!["cells"]!.AsArray();
            Assert.Equal("", string.Join('\n', cells.SelectMany(cell => Outputs(cell!)).Where(one => (string?)one["output_type"] == "error").Select(one => one.ToJsonString())));
            Assert.True(code == 0, log);
            var shown = string.Concat(cells.SelectMany(cell => Outputs(cell!)).Select(one => one.ToJsonString()));
            Assert.All((string[])["the winner of", "probability", "points"], text => Assert.Contains(text, shown, StringComparison.OrdinalIgnoreCase));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory]
    [MemberData(nameof(Notebooks))]
    public void A_notebook_is_kept_without_outputs(string name)
    {
        var cells = JsonNode.Parse(File.ReadAllText(Path.Combine(SharedFiles.Repository, "docs", "notebooks", name)))!["cells"]!.AsArray();
        Assert.InRange(cells.Count(cell => (string?)cell!["cell_type"] == "code"), 3, 20);
        Assert.All(cells, cell => Assert.Empty(Outputs(cell!)));
    }

    // what 'dotnet publish' writes for one system: libraries, native libraries and the backbone side by side
    private static void Publish(string folder)
    {
        Directory.CreateDirectory(folder);
        foreach (var file in Directory.GetFiles(AppContext.BaseDirectory, "*.dll").Concat(Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "runtimes", "linux-x64", "native"))))
            File.CreateSymbolicLink(Path.Combine(folder, Path.GetFileName(file)), file);
        Directory.CreateSymbolicLink(Path.Combine(folder, "assets"), Path.Combine(SharedFiles.Repository, "assets"));
    }

    private static IEnumerable<JsonObject> Outputs(JsonNode cell) => (cell["outputs"] as JsonArray ?? []).OfType<JsonObject>();

    private static async Task<(int Code, string Log)> Repl(string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", ["tool", "run", "dotnet-repl", "--", .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            WorkingDirectory = folder,
        };
        start.Environment["DOTNET_PROCESSOR_COUNT"] = "1";
        start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output + await errors);
    }
}
