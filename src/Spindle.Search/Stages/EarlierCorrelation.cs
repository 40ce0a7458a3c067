using System.Text.Json.Serialization;
using Spindle.Metrics;

namespace Spindle.Search.Stages;

/// <summary>How well an earlier search ranks the sides of this one.</summary>
/// <param name="Store">The store of the earlier search, as the study names it.</param>
/// <param name="Ranks">Spearman's correlation of what the earlier search expects of sides with what they scored here; null where too few were scored.</param>
public sealed record EarlierCorrelation(string Store, RankCorrelation? Ranks)
{
    /// <summary>The fewest sides of which a correlation counts: of fewer it is hardly known.</summary>
    public const int FewestSides = 8;

    /// <summary>Whether the earlier search changes what is expected of sides: if its ranks agree with the scores here, or are surely the other way round.</summary>
    [JsonIgnore]
    public bool Counts => Ranks is { Count: >= FewestSides } and ({ Value: > 0 } or { Upper: < 0 });
}
