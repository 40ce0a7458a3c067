using Spindle.Data.Tasks;
using Spindle.Designs.Shapes;
using Spindle.Models.Tuning;
using Spindle.Training.Settings;

namespace Spindle.Training.FineTuning;

/// <summary>The backbone and the settings of a <see cref="FineTuner"/>.</summary>
/// <param name="Backbone">An embedded backbone's name, a downloaded repository's name, or a folder in the Hub's layout.</param>
public sealed record FineTunerOptions(string Backbone)
{
    /// <summary>How the layers of an encoder-decoder are numbered.</summary>
    public LayerNumbering Layers { get; init; } = LayerNumbering.Paired;

    /// <summary>Whether the backbone's values are read. Without them nothing can be trained, but the weights are checked, and shape, costs and rows are known: what the planner of a search needs.</summary>
    public bool ReadsWeights { get; init; } = true;

    /// <summary>The folder of the tasks' data, or null if the tasks need none or were downloaded.</summary>
    public string? Data { get; init; }

    /// <summary>How models are trained and scored.</summary>
    public TrainingSettings Settings { get; init; } = new();

    /// <summary>The seed that samples rows if <see cref="Settings"/> limit their number.</summary>
    public int RowSeed { get; init; } = 42;

    /// <summary>The strategies by name, with their options.</summary>
    public StrategyRegistry Strategies { get; init; } = StrategyRegistry.Default;

    /// <summary>The tasks by name.</summary>
    public TaskCatalogue Tasks { get; init; } = TaskCatalogue.Default;
}
