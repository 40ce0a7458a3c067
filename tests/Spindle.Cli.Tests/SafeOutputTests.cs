using System.Diagnostics;
using Spindle.Cli.Terminal;
using Spindle.Search.Stages;
using Spindle.Search.Storage;

namespace Spindle.Cli.Tests;

/// <summary>Text from files does not reach a terminal as orders to it.</summary>
public class SafeOutputTests
{
    private const string Attack = "\u001b]0;title\u0007\u001b[31mred\u009b2J\u202eesrever";

    [Theory]
    [InlineData("a plain text, ünïcode 😀\tand\nlines\r\n", "a plain text, ünïcode 😀\tand\nlines\r\n")]
    [InlineData("\u001b[31mred", "\\u001B[31mred")]
    [InlineData("overwritten\rby this", "overwritten\\u000Dby this")]
    [InlineData("\u009b2J\u007f\u0000", "\\u009B2J\\u007F\\u0000")]
    [InlineData("a\u202eb\u2066c", "a\\u202Eb\\u2066c")]
    public void Characters_that_a_terminal_obeys_become_visible(string text, string visible)
    {
        Assert.Equal(visible, VisibleText.From(text));
        using var inner = new StringWriter { NewLine = "\n" };
        using (var writer = new VisibleWriter(inner))
        {
            writer.WriteLine(text);
            writer.Write(text.ToCharArray());
            writer.Write("{0}", text);
        }
        Assert.Equal(visible + "\n" + visible + visible, inner.ToString());
    }

    [Fact]
    public async Task Nothing_that_a_file_holds_is_obeyed()
    {
        using var folder = new TemporaryFolder();
        var rows = folder.File("rows.csv", "text,label\n" + string.Concat(Enumerable.Range(0, 60).Select(row => $"{Attack} {row},{(row % 2 == 0 ? Attack : "plain")}\n")));
        var study = folder.File("study.yaml", $"backbone: minilm-l6\ntasks: [{{name: mine, train: '{rows}'}}]\nstudy: \"\\e[31mred\"\nbudget: \"\\e[31m\"\n");
        Directory.CreateDirectory(folder.File("tuned"));
        folder.File(Path.Combine("tuned", "tuned.json"), "{\"\\u001b[31mred\": 1}");
        var store = folder.File("study.db");
        using (var made = SqliteTrialStore.OpenOrCreate(store))
        {
            made.Register(new(Attack, "study: x", Attack, 100, 10, [new(Attack, 50) { PositiveLabel = Attack }], "exhaustive", 1, 1, 1, 1));
            made.SaveStages([new StageRecord("S1", true, [new OptionRecord(Attack, Attack, false, 1, 0, 0, Attack)], true, Attack)]);
            made.Note(Attack);
        }

        foreach (var arguments in (string[][])
                 [
                     ["search", study], ["tasks", "show", rows], ["evaluate", folder.File("tuned")], ["predict", folder.File("tuned"), "text"],
                     ["report", store], ["report", store, "--format", "markdown"], ["report", store, "--format", "json"], ["design", "show", folder.File(Attack[9..14])],
                     ["train", "--task", Attack, "--output", folder.File("unused")], ["backbones", "show", Attack],
                 ])
        {
            var (_, output, errors) = await SpindleProcess.Run(null, arguments);
            Assert.True((output + errors).Length > 0);
            Assert.DoesNotContain(output + errors, character => (char.IsControl(character) && character is not ('\n' or '\r' or '\t')) || character == '\u202e');
        }
    }

    [Fact]
    public async Task Progress_is_on_the_standard_error_and_the_result_on_the_standard_output()
    {
        using var folder = new TemporaryFolder();
        var study = folder.File("study.yaml", "backbone: minilm-l6\ntasks: [builtin/sentiment]\nspace: {groups: 1, strategies: [bitfit]}\n"
            + "training: {epochs: 1, batch-size: 8, train-limit: 16, validation-limit: 16}\nsearch: {policy: comparison, final-epochs: 1, final-seeds: 1, baselines: [untrained]}\n");
        var (code, output, errors) = await SpindleProcess.Run(null, "search", study, "--workers", "1");
        Assert.True(code == 0, errors);
        Assert.Contains("Final: ", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("Final: ", output, StringComparison.Ordinal);
        Assert.Contains("study study: ", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rows_for_another_program_keep_every_character()
    {
        using var folder = new TemporaryFolder();
        var study = folder.File("tasks.yaml", $"backbone: minilm-l6\ntasks: [{{name: mine, train: '{folder.File("rows.csv", "text,label\n" + string.Concat(Enumerable.Range(0, 40).Select(row => $"day {row},{row % 2}\n")))}'}}]\n");
        var model = folder.File("model");
        var (code, _, errors) = await SpindleProcess.Run(null, "train", "--task", "mine", "--tasks", study, "--output", model, "--epochs", "1");
        Assert.True(code == 0, errors);
        var input = folder.File("new.csv", $"text,note\nday 99,{Attack}\n");
        (code, var output, errors) = await SpindleProcess.Run(null, "predict", model, "--input", input, "--format", "csv");
        Assert.True(code == 0, errors);
        Assert.Contains(Attack, output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_report_needs_no_writable_folder()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "another user is taken by setpriv");
        using var folder = new TemporaryFolder();
        var closed = Directory.CreateDirectory(folder.File("closed")).FullName;
        var store = Path.Combine(closed, "study.db");
        using (var made = SqliteTrialStore.OpenOrCreate(store)) made.Register(new("mine", "study: mine", "tiny", 100, 10, [new("task", 50)], "exhaustive", 1, 1, 1, 1));
        await Chmod("444", store);
        await Chmod("555", folder.Path, closed);
        var before = Directory.GetFileSystemEntries(closed);
        var start = SpindleProcess.Start("report", store);
        if (Environment.IsPrivilegedProcess)
        {
            // permissions do not bind the superuser
            foreach (var argument in ((string[])["--reuid=65534", "--regid=65534", "--clear-groups", start.FileName]).Reverse()) start.ArgumentList.Insert(0, argument);
            start.FileName = "setpriv";
        }
        using var report = Process.Start(start)!;
        report.StandardInput.Close();
        var (output, errors) = (report.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken), report.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
        await report.WaitForExitAsync(TestContext.Current.CancellationToken);
        await Chmod("755", folder.Path, closed);
        Assert.True(report.ExitCode == 0, await errors);
        Assert.StartsWith("mine: tiny, budget 10 of 100 parameters", await output, StringComparison.Ordinal);
        Assert.Equal(before, Directory.GetFileSystemEntries(closed));
    }
    private static async Task Chmod(string mode, params string[] paths)
    {
        using var chmod = Process.Start("chmod", [mode, .. paths]);
        await chmod.WaitForExitAsync(TestContext.Current.CancellationToken);
    }
}
