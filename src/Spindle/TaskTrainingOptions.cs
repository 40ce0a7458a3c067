using Spindle.Data.Tasks;
using Spindle.Data.Tasks.Own;
using Spindle.Designs;
using Spindle.Designs.Budgets;
using Spindle.Designs.Shapes;
using Spindle.Models.Checkpoints;
using Spindle.Models.Tuning;
using Spindle.Training.Settings;

namespace Spindle;

/// <summary>What to train on one task: by default LoRA in every layer.</summary>
/// <param name="Task">The task's name (<c>sst2</c>, <c>builtin/sentiment</c>), or one of <see cref="OwnTasks"/>.</param>
public sealed record TaskTrainingOptions(string Task)
{
    /// <summary>An embedded backbone's name, a downloaded repository's name, or a folder in the Hub's layout.</summary>
    public string Backbone { get; init; } = BackboneFolder.Default;

    /// <summary>The folder of the task's data, or null if the task needs none or was downloaded.</summary>
    public string? Data { get; init; }

    /// <summary>Tasks that the caller describes.</summary>
    public IReadOnlyList<OwnTask> OwnTasks { get; init; } = [];

    /// <summary>The budget of trained parameters.</summary>
    public Budget Budget { get; init; } = Budget.Default;

    /// <summary>The strategies that tune every layer with an equal share if no <see cref="Design"/> is given.</summary>
    public IReadOnlyList<string> Strategies { get; init; } = ["lora"];

    /// <summary>The design, or null for <see cref="Strategies"/> in every layer.</summary>
    public Design? Design { get; init; }

    /// <summary>Whether to train every weight of the backbone, without a budget.</summary>
    public bool Full { get; init; }

    /// <summary>The options of strategies by name; strategies that are not listed have their defaults.</summary>
    public IReadOnlyDictionary<string, StrategyConfiguration> Configurations { get; init; } = new Dictionary<string, StrategyConfiguration>();

    /// <summary>How the layers of an encoder-decoder are numbered.</summary>
    public LayerNumbering Layers { get; init; } = LayerNumbering.Paired;

    /// <summary>How the model is trained and scored.</summary>
    public TrainingSettings Training { get; init; } = new();

    /// <summary>The seed of initial values, row order, dropout and sampled rows.</summary>
    public int Seed { get; init; } = 42;

    /// <summary>The folder for the tuned model, or null to discard it.</summary>
    public string? Output { get; init; }

    /// <summary>Whether to replace a tuned model that is already in <see cref="Output"/>.</summary>
    public bool Overwrite { get; init; }

    /// <summary>The strategies that can be named.</summary>
    public StrategyRegistry Registry { get; init; } = StrategyRegistry.Default;

    /// <summary>The tasks that can be named.</summary>
    public TaskCatalogue Tasks { get; init; } = TaskCatalogue.Default;
}
