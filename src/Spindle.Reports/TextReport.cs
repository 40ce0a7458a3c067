using System.Globalization;
using System.Text;
using Spindle.Search.Results;

namespace Spindle.Reports;

/// <summary>A study's result for a terminal: conclusions, winners, the final comparison and warnings.</summary>
public static class TextReport
{
    /// <summary>The result as plain text.</summary>
    public static string Write(StudyResult result)
    {
        var text = new StringBuilder();
        var (tested, validated, sure) = (result.Sides.Any(side => side.Test is not null), result.SelectsOnOwnRows, result.Sides.Any(side => side.ProbabilityOfBest is not null));
        text.Append(CultureInfo.InvariantCulture, $"{result.Study.Name}: {result.Study.Backbone}, budget {Figures.Whole(result.Study.Budget)} of ")
            .Append(CultureInfo.InvariantCulture, $"{Figures.Whole(result.Study.BackboneParameters)} parameters\n")
            .Append(CultureInfo.InvariantCulture, $"{Figures.Whole(result.Trials)} trials, {Figures.Whole(result.ExampleSteps)} examples trained on, ")
            .Append(CultureInfo.InvariantCulture, $"{Figures.Time(result.TrialSeconds)} of training\n\n");
        Table(
            text,
            ["stage", "chosen", "mean", "error", "second", "mean", "P(best)", ""],
            result.Stages.Select(stage => (string[])
            [
                stage.Name,
                stage.IsDecided ? stage.Chosen ?? "–" : stage.Leader is { } leader ? $"{leader.Name} so far" : "…",
                stage.Compares ? Figures.Points((stage.Winner ?? stage.Leader)?.Mean) : "",
                stage.Compares ? Figures.Points((stage.Winner ?? stage.Leader)?.StandardError) : "",
                stage.Second?.Name ?? "",
                stage.Second is { } second ? Figures.Points(second.Mean) : "",
                stage.Compares ? Figures.Thousandths(stage.Winner?.ProbabilityOfBest) : "",
                !stage.Compares ? "only option" : string.Join(", ", Remarks(stage)),
            ]));
        if (result is { Plan: { Design: { } design } plan })
            text.Append(CultureInfo.InvariantCulture, $"found: {design}\n       {Figures.Whole(plan.Parameters)} trained parameters\n\n");
        if (result.Sides.Count > 0)
            Table(
                text,
                ["final", "trained", "mean", "error", .. sure ? ["P(best)"] : Array.Empty<string>(), .. validated ? ["validation"] : Array.Empty<string>(), .. tested ? ["test"] : Array.Empty<string>(), .. result.Study.Tasks.Select(task => task.Name)],
                result.Sides.Select(side => (string[])
                [
                    side.Name,
                    Figures.Whole(side.Trained),
                    Figures.Points(side.Mean),
                    Figures.Points(side.StandardError),
                    .. sure ? [Figures.Thousandths(side.ProbabilityOfBest)] : Array.Empty<string>(),
                    .. validated ? [Figures.Points(side.Validation)] : Array.Empty<string>(),
                    .. tested ? [Figures.Points(side.Test)] : Array.Empty<string>(),
                    .. result.Study.Tasks.Select(task => Figures.Points(side.Scores.TryGetValue(task.Name, out var score) ? score : null)),
                ]));
        if (SideCosts.IsKnown(result))
        {
            Table(text, ["cost", .. SideCosts.Head(result)], result.Sides.Select(side => (string[])[side.Name, .. SideCosts.Row(result, side)]));
            text.Append(SideCosts.Legend(result)).Append('\n');
        }

        if (MarkdownReport.PositiveLabels(result.Study) is { } positive) text.Append(positive).Append('\n');
        if (MarkdownReport.Cut(result.Study) is { } cut) text.Append(cut).Append('\n');
        foreach (var sentence in Conclusions.List(result)) text.Append(sentence).Append('\n');
        foreach (var sentence in DesignReasons.List(result, withLead: false)) text.Append(sentence).Append('\n');
        foreach (var correlation in result.Explanation?.Correlations ?? []) text.Append(DesignReasons.Sentence(correlation)).Append('\n');
        foreach (var warning in result.Warnings) text.Append("warning: ").Append(warning).Append('\n');
        foreach (var note in result.Notes) text.Append("note: ").Append(note).Append('\n');
        foreach (var run in result.Study.Runs) text.Append(RunText.Sentence(run)).Append('\n');
        if (RunText.Repeat(result.Study) is { } repeat) text.Append(CultureInfo.InvariantCulture, $"To repeat it: {repeat} (seed {RunText.Seed(result.Study)}; the whole study is in the JSON report and on the page).\n");
        return text.ToString().TrimEnd() + "\n";
    }

    private static IEnumerable<string> Remarks(StageResult stage)
    {
        if (stage is { IsDecided: true, Second: not null } && stage.IsCertain != true) yield return "not certain";
        if (stage is { IsDecided: true, Race: not null })
            yield return FormattableString.Invariant($"{stage.Options.Count(option => option.Dropped is not null)} of {stage.Options.Count} dropped in {Figures.Count(stage.Options.Max(option => option.Designs), "design")}");
    }

    private static void Table(StringBuilder text, string[] head, IEnumerable<string[]> rows)
    {
        string[][] all = [head, .. rows];
        int[] widths = [.. head.Select((_, column) => all.Max(row => row[column].Length))];
        foreach (var row in all)
        {
            var cells = row.Select((cell, column) => column == 0 ? cell.PadRight(widths[0]) : cell.PadLeft(widths[column]));
            text.Append(string.Join("  ", cells).TrimEnd()).Append('\n');
        }

        text.Append('\n');
    }
}
