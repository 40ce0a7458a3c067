using System.Diagnostics;

namespace Spindle.Benchmarks.Tests;

public class ProgramTests
{
    [Theory]
    [InlineData("write K/N", "record", "--part", "3/2")]
    [InlineData("there is no option '--rows'", "record", "--rows", "3")]
    [InlineData("has no value", "pack", "--table")]
    [InlineData("write a whole number", "replay", "--searches", "many")]
    [InlineData("run 'record' first", "pack", "--lines", "nowhere", "--table", "nowhere.parquet")]
    [InlineData("there is no such folder", "record", "--data", "nowhere")]
    [InlineData("'left' is not a half", "replay", "--half", "left")]
    public async Task Bad_options_end_with_one_line_and_code_2(string part, params string[] arguments)
    {
        using var scratch = new Scratch();
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "Spindle.Benchmarks.Recording"), arguments)
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            WorkingDirectory = Directory.CreateDirectory(scratch["work"]).FullName,
        };
        using var program = Process.Start(start)!;
        var (output, error) = (program.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken), program.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
        await program.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal((2, ""), (program.ExitCode, await output));
        Assert.Contains(part, Assert.Single((await error).Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(scratch["work"]));
    }
}
