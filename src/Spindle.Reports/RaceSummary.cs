using Spindle.Search.Results;
using Spindle.Search.Stages;

namespace Spindle.Reports;

/// <summary>The races of a staged search, in words.</summary>
internal static class RaceSummary
{
    /// <summary>What a race does, for the head of all stages.</summary>
    public static string Rule { get; } = FormattableString.Invariant(
        $"The options of a stage race: an option is dropped once it cannot be the best (p < {Race.Level}, corrected for every look of every stage), and a race also ends when keeping its leader is expected to cost at most {Race.Margin} points. ")
        + "The best option of any stage is dropped in at most one search in twenty. A choice is certain if every other option was dropped.";

    /// <summary>How the race of a stage ended; null if it has not, or if there was none.</summary>
    public static string? End(StageResult stage)
    {
        var designs = stage.Options.Select(option => option.Designs).DefaultIfEmpty(0).Max();
        return stage.Race?.End switch
        {
            RaceEnd.OneLeft => FormattableString.Invariant($"The race ended after {Designs(designs)} with one option left."),
            RaceEnd.Equal => FormattableString.Invariant($"The race ended after {Designs(designs)}: the options that are left are equal within {Race.Margin} points."),
            RaceEnd.Constant => FormattableString.Invariant($"The race ended after {Designs(designs)}: the differences between the options are the same with every design, so more of them would show nothing."),
            RaceEnd.AllDesigns => FormattableString.Invariant($"The race ended after {Designs(designs)}, all that the study asks for or its limit allows."),
            _ => null,
        };
    }

    /// <summary>What happened to an option.</summary>
    public static IEnumerable<string> Remarks(OptionResult option)
    {
        if (option.Dropped is { } dropped) yield return $"dropped after {Designs(dropped.Designs)} ({Figures.Probability(dropped.Probability)})";
        if (option.Reused > 0) yield return $"{Designs(option.Reused)} of earlier stages";
    }

    private static string Designs(int designs) => FormattableString.Invariant($"{designs} {(designs == 1 ? "design" : "designs")}");
}
