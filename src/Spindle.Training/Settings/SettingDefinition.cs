using Spindle.Designs.Text;
using Spindle.Models.Devices;

namespace Spindle.Training.Settings;

/// <summary>The one definition of a training setting: its name, range, default and documentation. Study files, the command line and programs all read it.</summary>
/// <param name="Name">The name in kebab case, as in study files and options (<c>learning-rate</c>).</param>
/// <param name="Description">What it sets, in one sentence.</param>
public abstract record SettingDefinition(string Name, string Description)
{
    private const int Many = 1_000_000;

    private static readonly TrainingSettings Defaults = new();

    /// <summary>Every training setting, in the order of study files.</summary>
    public static IReadOnlyList<SettingDefinition> All { get; } =
    [
        new Integer("epochs", "Passes over the training rows.", 1, Many, settings => settings.Epochs, (settings, value) => settings with { Epochs = value }),
        new Integer("batch-size", "Rows per step.", 1, Many, settings => settings.BatchSize, (settings, value) => settings with { BatchSize = value }),
        new Integer("tokens-per-batch", "The largest number of tokens per step, padding included: rows of similar length share a step, and batch-size is not used; off by default.", 1, Many,
            settings => settings.TokensPerBatch, (settings, value) => settings with { TokensPerBatch = value }),
        new Integer("gradient-accumulation", "The parts in which the rows of a step are trained one after the other, to save memory; their gradients are added.", 1, Many,
            settings => settings.GradientAccumulation, (settings, value) => settings with { GradientAccumulation = value }),
        new Flag("activation-checkpointing", "Whether each layer is computed again in the backward pass instead of keeping what it computed, to save memory for about a third more time.",
            settings => settings.ActivationCheckpointing, (settings, value) => settings with { ActivationCheckpointing = value }),
        new Number("learning-rate", "The learning rate after the warm-up.", 0, 10, true,
            settings => settings.LearningRate, (settings, value) => settings with { LearningRate = value }),
        new Number("full-learning-rate", "The learning rate of full fine-tuning after the warm-up.", 0, 10, true,
            settings => settings.FullLearningRate, (settings, value) => settings with { FullLearningRate = value }),
        new PerName("learning-rates", "The learning rates of single strategies, at the rate of learning-rate; they change with it. 'measured' stands for the measured rate of each strategy.", "strategy", 0, 10,
            settings => settings.LearningRates, (settings, value) => settings with { LearningRates = value })
        {
            Preset = (MeasuredRates.Word, MeasuredRates.All),
        },
        new Number("head-learning-rate", "The learning rate of the head; the same as the strategies' by default.", 0, 10, true,
            settings => settings.HeadLearningRate, (settings, value) => settings with { HeadLearningRate = value }),
        new Integer("patience", "Epochs without a better score on the rows that select before training stops and returns to the best epoch; off by default.", 1, Many,
            settings => settings.Patience, (settings, value) => settings with { Patience = value }),
        new Integer("averaged-runs", "Runs from the same initial values, each in another row order, whose trained values are averaged.", 1, 100,
            settings => settings.AveragedRuns, (settings, value) => settings with { AveragedRuns = value }),
        new Number("warm-up", "The share of the steps during which the learning rate rises from 0; it then falls linearly to 0.", 0, 1, false,
            settings => settings.WarmUp, (settings, value) => settings with { WarmUp = value }),
        new Number("weight-decay", "AdamW's decoupled weight decay; 0 turns it off.", 0, 10, false,
            settings => settings.WeightDecay, (settings, value) => settings with { WeightDecay = value }),
        new Number("gradient-clipping", "The Euclidean norm to which gradients are clipped; 0 turns clipping off.", 0, Many, false,
            settings => settings.GradientClipping, (settings, value) => settings with { GradientClipping = value }),
        // a dropout of 1 would remove everything
        new Number("dropout", "The dropout probability of head and backbone; the checkpoint's by default.", 0, 0.95, false,
            settings => settings.Dropout, (settings, value) => settings with { Dropout = value }),
        // one special token and one of the text; most backbones and tasks need more, see SequenceLimits
        new Integer("max-length", "The longest sequence in tokens, special tokens included.", 2, Many, settings => settings.MaxLength, (settings, value) => settings with { MaxLength = value }),
        new Integer("max-target-length", "The longest generated text in tokens, special tokens included.", 3, Many,
            settings => settings.MaxTargetLength, (settings, value) => settings with { MaxTargetLength = value }),
        new Integer("beams", "The number of beams of generation; 1 is greedy decoding.", 1, 100, settings => settings.Beams, (settings, value) => settings with { Beams = value }),
        new Choice("precision", "The precision of the frozen weights; auto is bfloat16 if the processor or GPU multiplies it natively, else float32.", [.. KebabCase.Names<Precision>()],
            settings => KebabCase.From(settings.Precision), (settings, value) => settings with { Precision = Parse<Precision>(value) }),
        new Form("device", "The device that computes; auto is the first GPU that libtorch can use, else the CPU.", DeviceChoice.Forms, text => DeviceChoice.Parse(text).ToString(),
            settings => settings.Device.ToString(), (settings, value) => settings with { Device = DeviceChoice.Parse(value) }),
        new Choice("head", "The head on the backbone; the checkpoint's default head by default.", [.. KebabCase.Names<HeadKind>()],
            settings => settings.Head is { } head ? KebabCase.From(head) : null, (settings, value) => settings with { Head = Parse<HeadKind>(value) }),
        new Choice("head-start", "Where the head starts: at random, at a probe of the frozen backbone's features, or whichever is known to be better for the task.", [.. KebabCase.Names<HeadStart>()],
            settings => KebabCase.From(settings.HeadStart), (settings, value) => settings with { HeadStart = Parse<HeadStart>(value) }),
        new Integer("train-limit", "The number of training rows to sample with the seed; all by default.", 1, int.MaxValue,
            settings => settings.TrainLimit, (settings, value) => settings with { TrainLimit = value }),
        new Integer("validation-limit", "The number of validation rows to sample with the seed; all by default.", 1, int.MaxValue,
            settings => settings.ValidationLimit, (settings, value) => settings with { ValidationLimit = value }),
        new Number("selection", "The share of the training rows that selects designs, rates and seeds; with 0 the validation rows do, as in the paper's protocol.", 0, 0.5, false,
            settings => settings.Selection, (settings, value) => settings with { Selection = value }),
        new Integer("selection-splits", "The number of different selection splits, which seeds and rungs take in turn; by default 5 with fewer than 1,000 training rows, otherwise 1.", 1, 1000,
            settings => settings.SelectionSplits, (settings, value) => settings with { SelectionSplits = value }),
        new Integer("threads", "The threads of one training run. A different number changes the last bits of results.", 1, 1024, settings => settings.Threads, (settings, value) => settings with { Threads = value }),
    ];

    /// <summary>The value, or null if it is not set: an <see cref="int"/>, a <see cref="double"/>, a <see cref="bool"/>, a <see cref="string"/>, or <see cref="NumbersByName"/>.</summary>
    public abstract object? ValueOf(TrainingSettings settings);

    /// <summary>The default, or null if there is none.</summary>
    public object? Default => ValueOf(Defaults);

    /// <summary>The allowed values in words: <c>a whole number from 1 to 100</c>.</summary>
    public abstract string Range { get; }

    /// <summary>Whether the value is allowed, or not set.</summary>
    public abstract bool IsInRange(TrainingSettings settings);

    /// <summary>Rejects settings with a value that is not allowed.</summary>
    /// <exception cref="InvalidDataException">A value is out of range; the message names the setting and its range.</exception>
    public static void RequireInRange(TrainingSettings settings)
    {
        if (All.FirstOrDefault(setting => !setting.IsInRange(settings)) is { } wrong)
            throw new InvalidDataException(FormattableString.Invariant($"the training setting '{wrong.Name}' is {wrong.ValueOf(settings)}; it must be {wrong.Range}"));
    }

    private static TEnum Parse<TEnum>(string name)
        where TEnum : struct, Enum => KebabCase.TryParse<TEnum>(name, out var value) ? value : throw new ArgumentException($"'{name}' is not one of {string.Join(", ", KebabCase.Names<TEnum>())}", nameof(name));

    /// <summary>A whole number.</summary>
    /// <param name="Name">The name.</param>
    /// <param name="Description">What it sets.</param>
    /// <param name="Minimum">The smallest value.</param>
    /// <param name="Maximum">The largest value.</param>
    /// <param name="Get">Reads the value from settings.</param>
    /// <param name="Set">Returns settings with a new value.</param>
    public sealed record Integer(
        string Name, string Description, int Minimum, int Maximum, Func<TrainingSettings, int?> Get, Func<TrainingSettings, int, TrainingSettings> Set) : SettingDefinition(Name, Description)
    {
        /// <inheritdoc/>
        public override string Range => FormattableString.Invariant($"a whole number from {Minimum} to {Maximum}");

        /// <summary>Whether a value is in the range.</summary>
        public bool Allows(double value) => value >= Minimum && value <= Maximum;

        /// <inheritdoc/>
        public override bool IsInRange(TrainingSettings settings) => Get(settings) is not { } value || Allows(value);

        /// <inheritdoc/>
        public override object? ValueOf(TrainingSettings settings) => Get(settings);
    }

    /// <summary>A finite number.</summary>
    /// <param name="Name">The name.</param>
    /// <param name="Description">What it sets.</param>
    /// <param name="Minimum">The smallest value.</param>
    /// <param name="Maximum">The largest value.</param>
    /// <param name="AboveMinimum">Whether the smallest value itself is not allowed.</param>
    /// <param name="Get">Reads the value from settings.</param>
    /// <param name="Set">Returns settings with a new value.</param>
    public sealed record Number(
        string Name, string Description, double Minimum, double Maximum, bool AboveMinimum, Func<TrainingSettings, double?> Get, Func<TrainingSettings, double, TrainingSettings> Set)
        : SettingDefinition(Name, Description)
    {
        /// <inheritdoc/>
        public override string Range => FormattableString.Invariant($"a number {(AboveMinimum ? "above" : "from")} {Minimum} {(AboveMinimum ? "and at most" : "to")} {Maximum}");

        /// <summary>Whether a value is finite and in the range.</summary>
        public bool Allows(double value) => double.IsFinite(value) && value <= Maximum && (AboveMinimum ? value > Minimum : value >= Minimum);

        /// <inheritdoc/>
        public override bool IsInRange(TrainingSettings settings) => Get(settings) is not { } value || Allows(value);

        /// <inheritdoc/>
        public override object? ValueOf(TrainingSettings settings) => Get(settings);
    }

    /// <summary>Numbers above a minimum by name.</summary>
    /// <param name="Name">The name.</param>
    /// <param name="Description">What it sets.</param>
    /// <param name="KeyName">What the keys name, in one word (<c>strategy</c>).</param>
    /// <param name="Minimum">The number that every value is above.</param>
    /// <param name="Maximum">The largest value.</param>
    /// <param name="Get">Reads the value from settings.</param>
    /// <param name="Set">Returns settings with a new value.</param>
    public sealed record PerName(
        string Name, string Description, string KeyName, double Minimum, double Maximum,
        Func<TrainingSettings, NumbersByName> Get, Func<TrainingSettings, NumbersByName, TrainingSettings> Set)
        : SettingDefinition(Name, Description)
    {
        /// <summary>A word that stands for certain numbers.</summary>
        public required (string Word, NumbersByName Numbers) Preset { get; init; }

        /// <inheritdoc/>
        public override string Range => FormattableString.Invariant($"for each {KeyName} a number above {Minimum} and at most {Maximum}");

        /// <summary>Whether a value is in the range.</summary>
        public bool Allows(double value) => value > Minimum && value <= Maximum;

        /// <inheritdoc/>
        public override bool IsInRange(TrainingSettings settings) => Get(settings).Values.All(Allows);

        /// <inheritdoc/>
        public override object? ValueOf(TrainingSettings settings) => Get(settings) is { Count: > 0 } value ? value : null;
    }

    /// <summary>Yes or no.</summary>
    /// <param name="Name">The name.</param>
    /// <param name="Description">What it sets.</param>
    /// <param name="Get">Reads the value from settings.</param>
    /// <param name="Set">Returns settings with a new value.</param>
    public sealed record Flag(string Name, string Description, Func<TrainingSettings, bool> Get, Func<TrainingSettings, bool, TrainingSettings> Set) : SettingDefinition(Name, Description)
    {
        /// <summary>The two values as study files write them.</summary>
        public static IReadOnlyList<string> Choices { get; } = ["true", "false"];

        /// <inheritdoc/>
        public override string Range => string.Join(" or ", Choices);

        /// <inheritdoc/>
        public override bool IsInRange(TrainingSettings settings) => true;

        /// <inheritdoc/>
        public override object? ValueOf(TrainingSettings settings) => Get(settings);
    }

    /// <summary>One of several names.</summary>
    /// <param name="Name">The name.</param>
    /// <param name="Description">What it sets.</param>
    /// <param name="Choices">The names.</param>
    /// <param name="Get">Reads the value from settings.</param>
    /// <param name="Set">Returns settings with a new value.</param>
    public sealed record Choice(
        string Name, string Description, IReadOnlyList<string> Choices, Func<TrainingSettings, string?> Get, Func<TrainingSettings, string, TrainingSettings> Set)
        : SettingDefinition(Name, Description)
    {
        /// <inheritdoc/>
        public override string Range => $"one of {string.Join(", ", Choices)}";

        /// <inheritdoc/>
        public override bool IsInRange(TrainingSettings settings) => Get(settings) is not { } value || Choices.Contains(value);

        /// <inheritdoc/>
        public override object? ValueOf(TrainingSettings settings) => Get(settings);
    }

    /// <summary>A text of a certain form.</summary>
    /// <param name="Name">The name.</param>
    /// <param name="Description">What it sets.</param>
    /// <param name="Forms">What can be written, in words.</param>
    /// <param name="Parse">Reads a text; its <see cref="FormatException"/> says what can be written.</param>
    /// <param name="Get">Reads the value from settings.</param>
    /// <param name="Set">Returns settings with a new value.</param>
    public sealed record Form(
        string Name, string Description, string Forms, Func<string, string> Parse, Func<TrainingSettings, string> Get, Func<TrainingSettings, string, TrainingSettings> Set)
        : SettingDefinition(Name, Description)
    {
        /// <inheritdoc/>
        public override string Range => Forms;

        /// <inheritdoc/>
        public override bool IsInRange(TrainingSettings settings) => true;

        /// <inheritdoc/>
        public override object? ValueOf(TrainingSettings settings) => Get(settings);
    }
}
