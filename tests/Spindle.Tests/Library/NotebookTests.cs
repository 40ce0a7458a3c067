using System.Diagnostics;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Spindle.Tests.Library;

/// <summary>The notebooks of <c>docs/notebooks</c>, run cell by cell by the kernel of .NET Interactive in <c>dotnet-repl</c>.</summary>
[Trait("Category", "Notebook")]
public partial class NotebookTests
{
    private static readonly string Manifest = Path.Combine(".config", "dotnet-tools.json");

    public static TheoryData<string> Notebooks => [.. Directory.GetFiles(Path.Combine(SharedFiles.Repository, "docs", "notebooks"), "*.ipynb").Select(file => Path.GetFileName(file)!)];

    [Theory]
    [MemberData(nameof(Notebooks))]
    public async Task Every_cell_of_a_notebook_runs(string name)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the native libraries are found through LD_LIBRARY_PATH");
        Assert.SkipUnless((await Repl(SharedFiles.Repository, "--help")).Code == 0, "needs the tools of .config/dotnet-tools.json: run 'dotnet tool restore'");
        var folder = Directory.CreateTempSubdirectory("spindle-test-").FullName;
        try
        {
            // a tool is found from the folder where it runs, which is where the cells write
            Directory.CreateDirectory(Path.Combine(folder, ".config"));
            File.Copy(Path.Combine(SharedFiles.Repository, Manifest), Path.Combine(folder, Manifest));
            var notebook = Path.Combine(folder, "in.ipynb");
            var text = await File.ReadAllTextAsync(Path.Combine(SharedFiles.Repository, "docs", "notebooks", name), TestContext.Current.CancellationToken);
            // this build instead of the published packages
            await File.WriteAllTextAsync(notebook, Package().Replace(text, reference => $"#r \\\"{AppContext.BaseDirectory}{reference.Groups["name"].Value}.dll\\\""), TestContext.Current.CancellationToken);
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
    public void A_notebook_names_the_packages_of_this_version_and_has_no_outputs(string name)
    {
        var text = File.ReadAllText(Path.Combine(SharedFiles.Repository, "docs", "notebooks", name));
        var version = typeof(StudySearch).Assembly.GetName().Version!.ToString(3);
        Assert.NotEmpty(Package().Matches(text));
        Assert.All(Package().Matches(text), reference => Assert.Equal(version, reference.Groups["version"].Value));
        var code = JsonNode.Parse(text)!["cells"]!.AsArray().Where(cell => (string?)cell!["cell_type"] == "code").ToArray();
        Assert.InRange(code.Length, 3, 20);
        Assert.All(code, cell => Assert.Empty(Outputs(cell!)));
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
        start.Environment["LD_LIBRARY_PATH"] = Path.Combine(AppContext.BaseDirectory, "runtimes", "linux-x64", "native");
        start.Environment["DOTNET_PROCESSOR_COUNT"] = "1";
        start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output + await errors);
    }

    [GeneratedRegex("#r \\\\\"nuget: (?<name>[A-Za-z.]+), (?<version>[0-9.]+)\\\\\"")]
    private static partial Regex Package();
}
