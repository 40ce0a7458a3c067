namespace Spindle.Search.Stages;

/// <summary>The names under which sides appear among the options of stages.</summary>
internal static class SideOptions
{
    /// <summary>The name of a side that is tried under several conditions: <c>lora at 0.001 with batch-size: 8</c>.</summary>
    /// <param name="side">The side.</param>
    /// <param name="rate">The learning rate, or null for the study's.</param>
    public static string Name(Side side, double? rate) => side.Name
        + (rate is null ? "" : FormattableString.Invariant($" at {rate}"))
        + (side.Settings is null ? "" : $" with {side.Settings}");

    /// <summary>What is fixed in a side's trials, in one line: trials under other conditions are not counted with them.</summary>
    /// <param name="given">The decisions that fixed the side.</param>
    /// <param name="rate">The learning rate, or null for the study's.</param>
    /// <param name="settings">The values of the settings that the study lists, or null.</param>
    /// <param name="epochs">Passes over the training rows, or null for the study's.</param>
    /// <param name="rows">The number of training rows, or null for all.</param>
    /// <param name="runs">The number of averaged runs, or null for the study's.</param>
    public static string Given(string given, double? rate, string? settings = null, int? epochs = null, int? rows = null, int? runs = null) => string.Join(", ", new[]
    {
        given.Length == 0 ? null : given,
        rate is null ? null : FormattableString.Invariant($"learning rate {rate}"),
        settings,
        epochs is null ? null : FormattableString.Invariant($"{epochs} epochs"),
        rows is null ? null : FormattableString.Invariant($"{rows} rows"),
        runs is null ? null : FormattableString.Invariant($"average of {runs} runs"),
    }.Where(part => part is not null));
}
