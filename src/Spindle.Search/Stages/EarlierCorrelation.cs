using Spindle.Metrics;

namespace Spindle.Search.Stages;

/// <summary>How well an earlier search ranks the sides of this one.</summary>
/// <param name="Store">The store of the earlier search, as the study names it.</param>
/// <param name="Ranks">Spearman's correlation of what the earlier search expects of sides with what they scored here; null where too few were scored.</param>
public sealed record EarlierCorrelation(string Store, RankCorrelation? Ranks);
