using System.CommandLine;
using Spindle.Search.Studies;

namespace Spindle.Cli.Commands;

/// <summary>The options of a single training: what a study file says under <c>training</c>, as options of the command line.</summary>
internal sealed class TrainingOptions
{
    private static readonly TrainingSettings Defaults = new();

    private readonly Option<int> epochs = Whole("--epochs", "Passes over the training rows.", Defaults.Epochs);
    private readonly Option<int> batchSize = Whole("--batch-size", "Rows a step.", Defaults.BatchSize);
    private readonly Option<double?> learningRate = Refusing(
        new Option<double?>("--learning-rate")
        {
            Description = $"The learning rate after the warm-up: {Defaults.LearningRate} by default, {Defaults.FullLearningRate} for full fine-tuning.",
        },
        value => double.IsFinite(value) && value > 0,
        "a number above 0");
    private readonly Option<int> maxLength = Whole("--max-length", "The longest sequence in tokens.", Defaults.MaxLength);
    private readonly Option<int> maxTargetLength = Whole("--max-target-length", "The longest text that is written, in tokens.", Defaults.MaxTargetLength);
    private readonly Option<int> beams = Whole("--beams", "Beams with which text is written.", Defaults.Beams);
    private readonly Option<Precision?> precision = ChoiceOption.Of<Precision>("--precision", "The precision of the frozen weights; float32 by default.");
    private readonly Option<int?> trainLimit = Positive(
        new Option<int?>("--train-limit") { Description = "Training rows to draw by the seed; all by default." });
    private readonly Option<int?> validationLimit = Positive(
        new Option<int?>("--validation-limit") { Description = "Validation rows to draw by the seed; all by default." });
    private readonly Option<int> threads = Whole("--threads", "Threads of the training.", Environment.ProcessorCount);

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[epochs, batchSize, learningRate, maxLength, maxTargetLength, beams, precision, trainLimit, validationLimit, threads])
            command.Options.Add(option);
    }

    /// <summary>The settings that were parsed.</summary>
    public TrainingSettings Read(ParseResult parsed) => Defaults with
    {
        Epochs = parsed.GetValue(epochs),
        BatchSize = parsed.GetValue(batchSize),
        LearningRate = parsed.GetValue(learningRate) ?? Defaults.LearningRate,
        FullLearningRate = parsed.GetValue(learningRate) ?? Defaults.FullLearningRate,
        MaxLength = parsed.GetValue(maxLength),
        MaxTargetLength = parsed.GetValue(maxTargetLength),
        Beams = parsed.GetValue(beams),
        Precision = parsed.GetValue(precision) ?? Defaults.Precision,
        TrainLimit = parsed.GetValue(trainLimit),
        ValidationLimit = parsed.GetValue(validationLimit),
        Threads = parsed.GetValue(threads),
    };

    private static Option<int> Whole(string name, string description, int value) => Positive(new Option<int>(name)
    {
        Description = description,
        DefaultValueFactory = _ => value,
    });

    private static Option<T> Positive<T>(Option<T> option) => Refusing(option, value => value >= 1, "at least 1");

    private static Option<T> Refusing<T>(Option<T> option, Func<double, bool> allows, string range)
    {
        // read from the token, since the option's own value cannot be asked for where it is no number; that error is reported by the parser
        option.Validators.Add(result =>
        {
            if (result.Tokens.Any(token => double.TryParse(token.Value, out var value) && !allows(value))) result.AddError($"{option.Name} must be {range}.");
        });
        return option;
    }
}
