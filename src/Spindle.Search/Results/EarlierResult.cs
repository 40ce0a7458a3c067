using Spindle.Search.Stages;
using Spindle.Search.Studies;

namespace Spindle.Search.Results;

/// <summary>An earlier search that a search started from.</summary>
/// <param name="Study">The earlier search, and what was read of it.</param>
/// <param name="Correlation">How well it ranks the sides of the rung that scored most; null before that has ended.</param>
public sealed record EarlierResult(EarlierStudy Study, EarlierCorrelation? Correlation);
