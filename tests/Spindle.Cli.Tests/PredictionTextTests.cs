using Spindle.Cli.Commands.Predict;
using Spindle.Data.Tasks;
using Spindle.Training.Evaluation;

namespace Spindle.Cli.Tests;

public class PredictionTextTests
{
    [Theory]
    [InlineData(3, "L2\tL0=0.1667\tL1=0.3333\tL2=0.5000")]
    [InlineData(600, "L599\tL599=0.0033\tL598=0.0033\tL597=0.0033\tL596=0.0033\tL595=0.0033\tL594=0.0033\tL593=0.0033\tL592=0.0033\tL591=0.0033\tL590=0.0033")]
    public void A_line_shows_every_label_or_the_most_probable_of_many(int labels, string expected)
    {
        var task = new TaskDefinition("mine", TaskKind.Classification, [.. Enumerable.Range(0, labels).Select(label => FormattableString.Invariant($"L{label}"))], true, ["accuracy"], null);
        var sum = labels * (labels + 1) / 2.0;
        var prediction = new Prediction(labels - 1, [.. Enumerable.Range(1, labels).Select(label => label / sum)]);
        Assert.Equal(expected, PredictionText.Line(prediction, task, PredictionFormat.Text));
    }
}
