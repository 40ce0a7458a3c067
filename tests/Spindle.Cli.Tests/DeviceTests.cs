using System.Diagnostics;

namespace Spindle.Cli.Tests;

/// <summary>The option <c>--device</c>, the setting <c>device</c>, and libtorch from another folder.</summary>
public class DeviceTests
{
    private static readonly string[] Train = ["train", "--task", "builtin/sentiment", "--epochs", "1", "--batch-size", "8", "--train-limit", "16", "--validation-limit", "16", "--output"];

    [Theory]
    [InlineData("train", "--task", "builtin/sentiment", "--output", "unused")]
    [InlineData("search", "no-such-study.yaml")]
    [InlineData("tune", "no-such-file.csv")]
    [InlineData("transfer", "no-such-store.db", "--output", "unused.yaml")]
    [InlineData("predict", "no-such-folder", "text")]
    [InlineData("evaluate", "no-such-folder")]
    [InlineData("compare", "no-such-folder", "other")]
    public async Task A_device_that_does_not_exist_is_refused_in_one_line(params string[] command)
    {
        var (code, _, errors) = await SpindleProcess.Run(null, [.. command, "--device", "gpu"]);
        Assert.Equal(2, code);
        Assert.Equal($"spindle: --device gpu: write auto, cpu, cuda or cuda:N, where N is the number of a GPU from 0. See 'spindle {command[0]} --help'.", errors.Trim());
    }

    [Fact]
    public async Task A_GPU_that_is_not_there_is_refused_and_nothing_is_written()
    {
        using var folder = new TemporaryFolder();
        var (code, _, errors) = await SpindleProcess.Run(null, [.. Train, folder.File("model"), "--device", "cuda:77"]);
        Assert.Equal(2, code);
        Assert.StartsWith("spindle: device cuda:77: ", errors, StringComparison.Ordinal);
        Assert.Single(errors.Trim().Split('\n'));
        Assert.False(Directory.Exists(folder.File("model")) && Directory.EnumerateFileSystemEntries(folder.File("model")).Any());
    }

    [Fact]
    public async Task A_wrong_device_in_a_study_is_named_with_its_place()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.File("study.yaml"), "backbone: minilm-l6\ntasks: [builtin/sentiment]\ntraining:\n  device: gpu\n", TestContext.Current.CancellationToken);
        var (code, _, errors) = await SpindleProcess.Run(null, "search", folder.File("study.yaml"));
        Assert.Equal(2, code);
        Assert.Contains("study.yaml:4", errors, StringComparison.Ordinal);
        Assert.Contains("write auto, cpu, cuda or cuda:N", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Doctor_says_what_would_be_used_and_why_no_GPU_is()
    {
        var (_, output, _) = await SpindleProcess.Run(null, "doctor");
        Assert.Contains("device: auto", output, StringComparison.Ordinal);
        Assert.Contains("precision: auto", output, StringComparison.Ordinal);
        Assert.True(output.Contains("cuda:0", StringComparison.Ordinal) || output.Contains("cpu; no GPU: ", StringComparison.Ordinal), output);
    }

    [Theory]
    [InlineData("no-such-folder", "is not a folder")]
    [InlineData("", "has no libc10.so")]
    [InlineData("damaged", "libc10.so cannot be loaded")]
    public async Task A_folder_without_libtorch_is_refused_in_one_line(string name, string fault)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the names of the files are those of Linux");
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.File("damaged"));
        await File.WriteAllTextAsync(folder.File("damaged/libc10.so"), "not a library", TestContext.Current.CancellationToken);
        var place = name.Length == 0 ? Path.GetDirectoryName(folder.File("x"))! : folder.File(name);
        var (code, _, errors) = await Run(place, "tasks", "list");
        Assert.Equal(2, code);
        Assert.StartsWith($"spindle: SPINDLE_LIBTORCH={place}: {fault}", errors, StringComparison.Ordinal);
        Assert.Single(errors.Trim().Split('\n'));
    }

    [Fact]
    public async Task Libtorch_comes_from_the_folder_that_the_environment_names_and_trains_the_same()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "elsewhere a program has one libtorch");
        using var folder = new TemporaryFolder();
        var there = Directory.CreateDirectory(folder.File("libtorch")).FullName;
        var own = Directory.EnumerateFiles(AppContext.BaseDirectory, "libtorch_cpu.so", SearchOption.AllDirectories).First();
        // copies, because the loader knows a link to a file that it has loaded
        foreach (var file in Directory.EnumerateFiles(Path.GetDirectoryName(own)!).Where(file => !file.Contains("LibTorchSharp", StringComparison.Ordinal)))
            File.Copy(file, Path.Combine(there, Path.GetFileName(file)));
        var (code, output, errors) = await Run(there, [.. Train, folder.File("there"), "--threads", "1"], trace: true);
        Assert.True(code == 0, errors);
        Assert.Contains($"{there}/libtorch_cpu.so", errors, StringComparison.Ordinal);
        Assert.DoesNotContain(errors.Split('\n'), line => line.Contains("calling init: ", StringComparison.Ordinal) && line.Contains("libtorch_cpu.so", StringComparison.Ordinal) && !line.Contains(there, StringComparison.Ordinal));
        var (usual, expected, problem) = await SpindleProcess.Run(null, [.. Train, folder.File("usual"), "--threads", "1"]);
        Assert.True(usual == 0, problem);
        Assert.Equal(Score(expected), Score(output));

        static string Score(string text) => text.Split('\n').First(line => line.Contains(" points (", StringComparison.Ordinal)).Split(" examples")[0].Split(", ")[0];
    }

    private static Task<(int Code, string Output, string Errors)> Run(string libtorch, params string[] arguments) => Run(libtorch, arguments, trace: false);

    private static async Task<(int Code, string Output, string Errors)> Run(string libtorch, string[] arguments, bool trace)
    {
        var start = SpindleProcess.Start(arguments);
        start.Environment["SPINDLE_LIBTORCH"] = libtorch;
        // the loader then writes every library that it initialises to standard error
        if (trace) start.Environment["LD_DEBUG"] = "files";
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken), process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output, await errors);
    }
}
