namespace Spindle.Studies;

/// <summary>A setting for which a study lists several values, between which its search chooses.</summary>
/// <param name="Strategy">The strategy whose option it is, or null for a setting of training.</param>
/// <param name="Name">The setting's key.</param>
/// <param name="Values">The values in YAML, in the order in which they are written; at least two.</param>
public sealed record SettingList(string? Strategy, string Name, IReadOnlyList<string> Values);
