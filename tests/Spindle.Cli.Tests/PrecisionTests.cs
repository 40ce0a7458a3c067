using Spindle.Models.Devices;
using Spindle.Training.Settings;

namespace Spindle.Cli.Tests;

/// <summary>The option <c>--precision</c> of commands that read tuned models.</summary>
public class PrecisionTests
{
    private const string Text = "A wonderful, moving film.";

    [Theory]
    [InlineData("predict", "no-such-folder", "text")]
    [InlineData("evaluate", "no-such-folder")]
    [InlineData("compare", "no-such-folder", "other")]
    public async Task A_precision_that_does_not_exist_is_refused_in_one_line(params string[] command)
    {
        var (code, _, errors) = await SpindleProcess.Run(null, [.. command, "--precision", "float16"]);
        Assert.Equal(2, code);
        Assert.Single(errors.Trim().Split('\n'));
        Assert.Contains("'float16'", errors, StringComparison.Ordinal);
        Assert.Contains("'bfloat16'", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_model_trained_in_bfloat16_is_read_in_bfloat16_unless_another_precision_is_asked_for()
    {
        using var folder = new TemporaryFolder();
        var model = folder.File("model");
        var train = await SpindleProcess.Run(null, "train", "--task", "builtin/sentiment", "--output", model,
            "--epochs", "1", "--batch-size", "4", "--train-limit", "8", "--validation-limit", "8", "--precision", "bfloat16", "--threads", "1");
        Assert.True(train.Code == 0, train.Errors);

        var (single, half, usual) = (await Predict("--precision", "float32"), await Predict("--precision", "bfloat16"), await Predict());
        Assert.NotEqual(single.Output, half.Output);
        Assert.Equal(("", ""), (single.Errors, half.Errors));
        var isNative = NativeBFloat16.Resolve(Precision.Auto, DeviceChoice.Auto) == Precision.BFloat16;
        Assert.Equal(isNative ? half.Output : single.Output, usual.Output);
        if (isNative) Assert.Empty(usual.Errors);
        else Assert.Matches("^warning: the model was trained in bfloat16, .*read in float32; .*\n$", usual.Errors);

        async Task<(string Output, string Errors)> Predict(params string[] options)
        {
            var (code, output, errors) = await SpindleProcess.Run(null, ["predict", model, Text, "--format", "json", .. options]);
            Assert.True(code == 0, errors);
            return (output, errors);
        }
    }
}
