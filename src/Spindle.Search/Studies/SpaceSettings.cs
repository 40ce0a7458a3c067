using Spindle.Designs.Shapes;
namespace Spindle.Search.Studies;

/// <summary>The space of designs, as a study describes it.</summary>
public sealed record SpaceSettings
{
    /// <summary>The number of groups, at least 1 and at most the number of layers.</summary>
    public int Groups { get; init; } = 4;

    /// <summary>The names of the strategies that a group may have.</summary>
    public IReadOnlyList<string> Strategies { get; init; } = ["adapter", "prefix", "bitfit", "lora"];

    /// <summary>The largest number of strategies in a group, at least 1; null for no limit.</summary>
    public int? StrategiesPerGroup { get; init; }

    /// <summary>How the layers of an encoder-decoder are numbered.</summary>
    public LayerNumbering Layers { get; init; } = LayerNumbering.Paired;

    /// <summary>Which sets of groups stage S3 compares.</summary>
    public TunableGroupOptions TunableGroups { get; init; } = TunableGroupOptions.Runs;
}
