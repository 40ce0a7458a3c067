using System.Diagnostics;

namespace Spindle.Cli.Tests;

/// <summary>What a training run takes of the machine.</summary>
public class MachineTests
{
    private static readonly string[] Train = ["train", "--task", "builtin/sentiment", "--epochs", "1", "--batch-size", "8", "--train-limit", "16", "--validation-limit", "16", "--output"];

    [Fact]
    public async Task More_threads_than_cores_are_not_used_and_a_line_says_so()
    {
        Assert.SkipUnless(Environment.ProcessorCount < 1024, "this machine has enough cores");
        using var folder = new TemporaryFolder();
        var (code, _, errors) = await SpindleProcess.Run(null, [.. Train, folder.File("model"), "--threads", "1024"]);
        Assert.True(code == 0, errors);
        Assert.Contains($"warning: 1024 threads are more than this machine's {Environment.ProcessorCount} cores; {Environment.ProcessorCount} are used", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Layers_that_are_computed_again_give_the_same_model()
    {
        using var folder = new TemporaryFolder();
        var (code, _, errors) = await SpindleProcess.Run(null, [.. Train, folder.File("kept")]);
        Assert.True(code == 0, errors);
        (code, _, errors) = await SpindleProcess.Run(null, [.. Train, folder.File("recomputed"), "--activation-checkpointing"]);
        Assert.True(code == 0, errors);
        Assert.Equal(await Weights("kept"), await Weights("recomputed"));

        Task<byte[]> Weights(string model) => File.ReadAllBytesAsync(Directory.GetFiles(folder.File(model), "*.safetensors").Single(), TestContext.Current.CancellationToken);
    }

    [Theory]
    [InlineData(null, "PASSIVE")]
    [InlineData("active", "ACTIVE")]
    public async Task Threads_that_wait_sleep_unless_the_user_says_otherwise(string? chosen, string expected)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "GNU's OpenMP is Linux's");
        using var folder = new TemporaryFolder();
        var start = SpindleProcess.Start([.. Train, folder.File("model")]);
        start.Environment["OMP_DISPLAY_ENV"] = "true";
        start.Environment.Remove("OMP_WAIT_POLICY");
        start.Environment.Remove("GOMP_SPINCOUNT");
        if (chosen is not null) start.Environment["OMP_WAIT_POLICY"] = chosen;
        using var train = Process.Start(start)!;
        train.StandardInput.Close();
        var (output, errors) = (train.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken), train.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
        await train.WaitForExitAsync(TestContext.Current.CancellationToken);
        await output;
        Assert.True(train.ExitCode == 0, await errors);
        Assert.Contains($"OMP_WAIT_POLICY = '{expected}'", await errors, StringComparison.Ordinal);
    }
}
