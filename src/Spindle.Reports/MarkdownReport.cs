using System.Globalization;
using System.Text;
using Spindle.Designs;
using Spindle.Designs.Plans;
using Spindle.Metrics;
using Spindle.Metrics.Paired;
using Spindle.Search.Results;
using Spindle.Search.Studies;

namespace Spindle.Reports;

/// <summary>A study's result as a Markdown page: conclusions, the final comparison, the found design with its sizes, and every stage.</summary>
public static class MarkdownReport
{
    /// <summary>The result as Markdown.</summary>
    public static string Write(StudyResult result)
    {
        var page = new StringBuilder();
        page.Append(CultureInfo.InvariantCulture, $"# {Cell(result.Study.Name)}\n\n");
        page.Append(CultureInfo.InvariantCulture, $"Backbone `{result.Study.Backbone}` ({Figures.Whole(result.Study.BackboneParameters)} parameters), budget ")
            .Append(CultureInfo.InvariantCulture, $"{Figures.Whole(result.Study.Budget)} trained parameters ({Figures.Percent(Share(result))}), ")
            .Append(CultureInfo.InvariantCulture, $"tasks {string.Join(", ", result.Study.Tasks.Select(task => $"`{task.Name}`"))}. Policy {result.Study.Policy}, ")
            .Append(CultureInfo.InvariantCulture, $"{Figures.Count(result.Study.SamplesPerOption, "design")} per option, {Figures.Count(result.Study.Epochs, "epoch")} per trial.  ")
            .Append(CultureInfo.InvariantCulture, $"{Figures.Whole(result.Trials)} trials, {Figures.Whole(result.ExampleSteps)} examples trained on, ")
            .Append(CultureInfo.InvariantCulture, $"{Figures.Time(result.TrialSeconds)} of training. Scores are in points: 100 times the mean of a task's metrics.\n\n");
        foreach (var sentence in Conclusions.List(result)) page.Append(sentence).Append("\n\n");
        if (result.Warnings.Count > 0) Section(page, "Warnings", result.Warnings);
        if (result.Sides.Count > 0) Final(page, result);
        foreach (var sentence in (string?[])[PositiveLabels(result.Study), Cut(result.Study)])
            if (sentence is not null) page.Append(sentence).Append("\n\n");
        if (SideCosts.IsKnown(result)) Costs(page, result);
        if (result.Sides.Count > 0) Metrics(page, result);
        if (result.Rows.Count > 0) RowByRow(page, result);
        if (result is { Plan: { Design: { } design } plan }) Found(page, result, design, plan);
        if (result.Explanation is { } explanation) ExplanationPage.Add(page, result, explanation);
        page.Append("## Stages\n\n");
        if (result.Stages.Any(stage => stage is { CorrectedProbability: not null, Race: null }))
            page.Append("A choice is certain if p < 0.05 after Holm's correction for all stages, where p is twice the probability that another option is better. ")
                .Append("If all options are equal, at most one search in twenty calls any of its choices certain.\n\n");
        if (result.Stages.Any(stage => stage.Race is not null)) page.Append(RaceSummary.Rule).Append("\n\n");
        foreach (var stage in result.Stages) Stage(page, stage);
        if (result.Notes.Count > 0) Section(page, "Notes", result.Notes);
        if (result.Study.Runs.Count > 0) HowToRepeat(page, result.Study);
        return page.ToString().TrimEnd() + "\n";
    }

    private static void HowToRepeat(StringBuilder page, StudyRecord study)
    {
        page.Append("## How to repeat it\n\n");
        foreach (var run in study.Runs) page.Append("- ").Append(RunText.Sentence(run)).Append('\n');
        page.Append(CultureInfo.InvariantCulture, $"\nSeed {RunText.Seed(study)}.").Append(RunText.Repeat(study) is { } command ? $" The command: `{command}`." : "").Append(" The study:\n\n```yaml\n").Append(study.Text.Trim().ReplaceLineEndings("\n")).Append("\n```\n");
    }

    private static double Share(StudyResult result) => (double)result.Study.Budget / result.Study.BackboneParameters;

    private static void Section(StringBuilder page, string title, IReadOnlyList<string> sentences)
    {
        page.Append(CultureInfo.InvariantCulture, $"## {title}\n\n");
        foreach (var sentence in sentences) page.Append("- ").Append(sentence.ReplaceLineEndings(" ")).Append('\n');
        page.Append('\n');
    }

    private static void Final(StringBuilder page, StudyResult result)
    {
        var sides = result.Sides;
        var (tested, validated, sure) = (sides.Any(side => side.Test is not null), result.SelectsOnOwnRows, sides.Any(side => side.ProbabilityOfBest is not null));
        page.Append(CultureInfo.InvariantCulture, $"## Final comparison\n\n{Figures.Count(result.Study.FinalSeeds, "seed")}, {Figures.Count(result.Study.FinalEpochs, "epoch")}; ")
            .Append(CultureInfo.InvariantCulture, $"differences are {result.Reference?.Name ?? "the winner"} minus the other side, paired by seed, with their 95% interval, effect size (d_z: the mean divided by the standard deviation of the differences), ")
            .Append("two-sided p-value of a paired t-test with the degrees of freedom of Welch and Satterthwaite (each task has its own variance over seeds), and this p-value after Holm's correction for all comparisons of the table. ")
            .Append("Differences are on the validation rows where these were scored, and over the tasks on which some side is better than guessing. ")
            .Append("A normalized score is the mean over these tasks of the score between guessing (0) and the best side (100).\n\n");
        var corrected = PairedTest.Corrected(result);
        Table(
            page,
            ["", "trained", .. result.Study.Tasks.Select(task => task.Name), "mean", "standard error", .. sure ? ["probability of being best"] : Array.Empty<string>(), .. validated ? ["validation"] : Array.Empty<string>(), .. tested ? ["test"] : Array.Empty<string>(), "difference", "95%", "d_z", "p", "p (Holm)", "normalized"],
            sides.Select(side => (string[])
            [
                side.Name,
                Figures.Whole(side.Trained),
                .. result.Study.Tasks.Select(task => Figures.Points(side.Scores.TryGetValue(task.Name, out var score) ? score : null)),
                Figures.Points(side.Mean),
                Figures.Points(side.StandardError),
                .. sure ? [Figures.Thousandths(side.ProbabilityOfBest)] : Array.Empty<string>(),
                .. validated ? [Figures.Points(side.Validation)] : Array.Empty<string>(),
                .. tested ? [Figures.Points(side.Test)] : Array.Empty<string>(),
                .. Difference(result, side, corrected.GetValueOrDefault(side.Name)),
                Figures.Points(side.IsScored ? result.Voting.Normalized(side.TaskMeans) : null),
            ]));
        page.Append("Guessing scores: ")
            .AppendJoin(", ", result.Study.Tasks.Select(task => $"{task.Name} {Figures.Points(task.Chance)}"))
            .Append(".\n\n");
    }

    private static void Costs(StringBuilder page, StudyResult result)
    {
        page.Append("### Cost of each side\n\n").Append(SideCosts.Legend(result)).Append("\n\n");
        Table(page, ["", .. SideCosts.Head(result)], result.Sides.Select(side => (string[])[side.Name, .. SideCosts.Row(result, side)]));
    }

    /// <summary>The positive labels of metric F1 in one sentence, or null if no task has any.</summary>
    internal static string? PositiveLabels(StudyRecord study)
    {
        string[] positive = [.. study.Tasks.Where(task => task.PositiveLabel is not null).Select(task => $"{task.Name} '{task.PositiveLabel}'")];
        return positive.Length == 0 ? null : $"The positive label of F1: {string.Join(", ", positive)}.";
    }

    /// <summary>How many rows of each task are cut in one sentence, or null if that is not known.</summary>
    internal static string? Cut(StudyRecord study)
    {
        string[] cut = [.. study.Tasks.Where(task => task.Cut is not null).Select(task => $"{task.Name}: {task.Cut}")];
        return cut.Length == 0 ? null : $"{string.Join("; ", cut)}.";
    }

    // a table only if it shows more than the scores do
    private static void Metrics(StringBuilder page, StudyResult result)
    {
        var sides = result.Sides;
        (string Task, string Name)[] metrics =
        [
            .. result.Study.Tasks.SelectMany(task => sides.SelectMany(side => side.Metrics.GetValueOrDefault(task.Name)?.Keys ?? []).Distinct().Select(name => (task.Name, name))),
        ];
        if (metrics.Length <= result.Study.Tasks.Count && metrics.All(metric => Signature(metric.Name) is null)) return;
        page.Append("### Metrics\n\nMeans over the completed seeds, times 100")
            .Append(metrics.Any(metric => IsError(metric.Name)) ? "; errors in the units of the labels" : "").Append(".\n\n");
        Table(
            page,
            ["", .. metrics.Select(metric => $"{metric.Task}: {metric.Name}")],
            sides.Select(side => (string[])
            [
                side.Name,
                .. metrics.Select(metric => side.Metrics.GetValueOrDefault(metric.Task)?.TryGetValue(metric.Name, out var value) != true ? Figures.Points(null)
                    : IsError(metric.Name) ? value.ToString("0.####", CultureInfo.InvariantCulture)
                    : Figures.Points(100 * value)),
            ]));
        foreach (var name in metrics.Select(metric => metric.Name).Distinct())
            if (Signature(name) is { } signature) page.Append(CultureInfo.InvariantCulture, $"- {name}: `{signature}`\n");
        page.Append('\n');
    }

    // with several splits, each has its own metric: "bleu (newstest)"
    private static bool IsError(string metric) => MetricCatalogue.IsError(metric.Split(" (")[0]);

    private static string? Signature(string metric) => TextMetricCatalogue.Signature(metric.Split(" (")[0]);

    private static void RowByRow(StringBuilder page, StudyResult result)
    {
        var overall = result.Rows.Where(rows => rows.Task is null).ToArray();
        var corrected = Holm.Adjust([.. overall.Select(rows => rows.Probability)]);
        var single = result.Rows.Where(rows => rows.Task is not null).ToLookup(rows => (rows.Against, rows.Task));
        string[] tasks = [.. single.Select(rows => rows.Key.Task!).Distinct()];
        page.Append(CultureInfo.InvariantCulture, $"### Row by row\n\nDifferences of {result.Reference?.Name} to each other side over {Figures.Count(overall.Max(rows => rows.Rows), "validation row")} and the seeds that both sides completed on every task: ")
            .Append("the uncertainty of the rows, not of training with other seeds. The interval comes from a paired bootstrap. p (permutation) comes from a paired permutation test; p (Holm) corrects it for all sides. ")
            .Append("The last interval and p-value come from a multi-bootstrap, which draws seeds and rows together: the uncertainty of both")
            .Append(tasks.Length > 0 ? ". The p-values of single tasks are not corrected.\n\n" : ".\n\n");
        Table(
            page,
            ["", "seeds", "difference", "95%", "p (bootstrap)", "p (permutation)", "p (Holm)", .. tasks, "95%, seeds and rows", "p"],
            overall.Select((rows, at) => (string[])
            [
                rows.Against,
                Whole(rows.Seeds),
                Figures.Signed(rows.Effect.Difference),
                $"{Figures.Signed(rows.Effect.Lower)} to {Figures.Signed(rows.Effect.Upper)}",
                Figures.Thousandths(rows.Effect.Probability),
                Figures.Thousandths(rows.Probability),
                Figures.Thousandths(corrected[at]),
                .. tasks.Select(task => string.Join("", single[(rows.Against, task)].Select(own => $"{Figures.Signed(own.Effect.Difference)} ({Figures.Probability(own.Probability)})"))),
                rows.SeedsAndRows is { } both ? $"{Figures.Signed(both.Lower)} to {Figures.Signed(both.Upper)}" : "",
                rows.SeedsAndRows is { } tested ? Figures.Thousandths(tested.Probability) : "",
            ]));
    }

    private static string[] Difference(StudyResult result, FinalResult side, double? corrected)
    {
        if (result.Against(side) is not { Test: { } test } difference) return ["", "", "", "", ""];
        if (test is not { Probability: { } probability, Lower: { } lower, Upper: { } upper }) return [Figures.Signed(test.Estimate), test.HasZeroVariance ? "zero variance" : "", "", "", ""];
        var size = PairedEffect.Of(difference.Differences).Size;
        return
        [
            Figures.Signed(test.Estimate),
            $"{Figures.Signed(lower)} to {Figures.Signed(upper)}",
            double.IsNaN(size) ? "" : size.ToString("0.00", CultureInfo.InvariantCulture),
            Figures.Thousandths(probability),
            corrected is { } value ? Figures.Thousandths(value) : "",
        ];
    }

    private static void Found(StringBuilder page, StudyResult result, Design design, TuningPlan.Sized plan)
    {
        page.Append("## The found design\n\n");
        page.Append(CultureInfo.InvariantCulture, $"Grouping {design.Grouping}, allocation {design.Allocation}; {Figures.Whole(plan.Parameters)} trained parameters, ")
            .Append(CultureInfo.InvariantCulture, $"{Figures.Percent((double)plan.Parameters / result.Study.Budget)} of the budget.\n\n");
        var groups = design.Grouping.GroupOfLayers();
        var tuned = plan.Layers.ToDictionary(layer => layer.Layer);
        Table(
            page,
            ["layer", "group", "strategies with sizes", "trained"],
            Enumerable.Range(0, design.Layers).Select(layer => (string[])
            [
                Whole(layer + 1),
                "G" + Whole(groups[layer] + 1),
                tuned.TryGetValue(layer, out var tuning) ? string.Join(", ", tuning.Strategies.Select(Sized)) : "not tuned",
                Figures.Whole(tuning?.Parameters ?? 0),
            ]));
    }

    private static string Sized(SizedStrategy strategy) => FormattableString.Invariant($"{strategy.Name} {strategy.Size}");

    private static string Whole(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static void Stage(StringBuilder page, StageResult stage)
    {
        page.Append(CultureInfo.InvariantCulture, $"### {stage.Name}\n\n");
        if (!stage.Compares)
        {
            page.Append(CultureInfo.InvariantCulture, $"Nothing to compare: `{stage.Chosen}` is the only option")
                .Append(stage.Chosen == "none" ? ", because the group is not tuned.\n\n" : ".\n\n");
            return;
        }

        if (RaceSummary.End(stage) is { } end) page.Append(end).Append("\n\n");
        // nothing is known about chance if every option has a single design
        var isTested = stage.Options.Any(option => option.ProbabilityOfBest is not null);
        Table(
            page,
            ["option", "trials", "designs", "mean", "standard error", .. isTested ? ["probability of being best"] : Array.Empty<string>(), ""],
            stage.Options.Select(option => (string[])
            [
                option.Name,
                Whole(option.Trials),
                Whole(option.Designs),
                Figures.Points(option.Mean),
                Figures.Points(option.StandardError),
                .. isTested ? [Figures.Thousandths(option.ProbabilityOfBest)] : Array.Empty<string>(),
                Remark(stage, option),
            ]));
    }

    private static string Remark(StageResult stage, OptionResult option)
    {
        var remarks = new List<string>();
        if (option.Name == stage.Chosen && stage.Options.Count > 1)
            remarks.Add(stage.IsCertain switch { true => "**chosen**", _ => "**chosen**, not certain" } + (stage.CorrectedProbability is { } p ? $" ({Figures.Probability(p)})" : ""));
        remarks.AddRange(RaceSummary.Remarks(option));
        if (!option.Exact) remarks.Add("not exact: " + option.Description);
        if (option.Failed > 0) remarks.Add(Whole(option.Failed) + " failed");
        if (option.Reason is not null) remarks.Add("does not fit the budget");
        return string.Join("; ", remarks);
    }

    /// <summary>Adds a table.</summary>
    internal static void Table(StringBuilder page, string[] head, IEnumerable<string[]> rows)
    {
        Row(page, head);
        Row(page, head.Select((_, column) => column == 0 ? "---" : "---:"));
        foreach (var row in rows) Row(page, row.Select(Cell));
        page.Append('\n');
    }

    private static void Row(StringBuilder page, IEnumerable<string> cells) => page.Append("| ").AppendJoin(" | ", cells).Append(" |\n");

    // names come from study files and must not break out of the cell
    private static string Cell(string text) => text.ReplaceLineEndings(" ").Replace("|", "\\|", StringComparison.Ordinal);
}
