using System.Text.Json.Nodes;
using Spindle.Reports.Html;
using Spindle.Search.Results;
using Spindle.Search.Studies;

namespace Spindle.Reports.Tests;

/// <summary>Reports say where a search ran and how to repeat it.</summary>
public class RunTextTests
{
    private static readonly SearchRun Run = new(new(2026, 11, 30, 15, 4, 5, TimeSpan.Zero), "0.1.0")
    {
        Commit = "0123456789abcdef0123",
        Processor = "A Processor <9>",
        Cores = 2,
        Memory = 16L << 30,
        System = "Debian 12",
        DotNet = "10.0.12",
        Libtorch = "2.10.0",
        Workers = 2,
        Devices = "cpu",
        Command = "spindle search glue.yaml --workers 2",
    };

    private static readonly StudyResult Result = Results.Complete with
    {
        Study = Results.Complete.Study with { Text = "study: glue\nsearch: {seed: 7}\n", Settings = new Dictionary<string, string> { ["search.seed"] = "7" }, Runs = [Run, new(Run.Started.AddDays(1), "0.2.0") { Cores = 1 }] },
    };

    [Fact]
    public void The_text_names_the_machine_the_versions_and_the_command_of_each_run()
    {
        var text = TextReport.Write(Result);
        Assert.Contains("Run from 2026-11-30 15:04 UTC on A Processor <9>, 2 cores, 16.0 GiB of memory, Debian 12, .NET 10.0.12, libtorch 2.10.0, Spindle 0.1.0 (commit 0123456789), 2 workers on cpu.\n", text, StringComparison.Ordinal);
        Assert.Contains("Run from 2026-12-01 15:04 UTC on an unknown processor, 1 core, Spindle 0.2.0, 1 worker.\n", text, StringComparison.Ordinal);
        Assert.EndsWith("To repeat it: spindle search glue.yaml --workers 2 (seed 7; the whole study is in the JSON report and on the page).\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Run from", TextReport.Write(Results.Complete), StringComparison.Ordinal);
    }

    [Fact]
    public void The_json_has_every_run_the_seed_and_the_study()
    {
        var report = JsonNode.Parse(JsonReport.Write(Result))!;
        Assert.Equal(
            ["started", "processor", "cores", "memory", "system", "dotNet", "libtorch", "version", "commit", "workers", "devices", "command"],
            report["runs"]![0]!.AsObject().Select(key => key.Key));
        Assert.Equal((2, 16L << 30, "0123456789abcdef0123"), ((int)report["runs"]![0]!["cores"]!, (long)report["runs"]![0]!["memory"]!, (string)report["runs"]![0]!["commit"]!));
        Assert.Null(report["runs"]![1]!["command"]);
        Assert.Equal(("7", Result.Study.Text), ((string)report["seed"]!, (string)report["studyText"]!));
    }

    [Fact]
    public void The_markdown_page_and_the_page_for_a_browser_have_the_runs_and_the_study()
    {
        var markdown = MarkdownReport.Write(Result);
        Assert.Contains("## How to repeat it\n\n- Run from 2026-11-30 15:04 UTC on A Processor <9>, ", markdown, StringComparison.Ordinal);
        Assert.EndsWith("\n\nSeed 7. The command: `spindle search glue.yaml --workers 2`. The study:\n\n```yaml\nstudy: glue\nsearch: {seed: 7}\n```\n", markdown, StringComparison.Ordinal);
        var page = HtmlReport.Write(Result, []);
        Assert.Contains("A Processor \\u003C9\\u003E", page, StringComparison.Ordinal);
        Assert.Contains("\"command\":\"spindle search glue.yaml --workers 2\"", page, StringComparison.Ordinal);
    }
}
