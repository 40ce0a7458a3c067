using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Spindle.Designs;
using Spindle.Designs.Plans;
using Spindle.Designs.Text;
using Spindle.Metrics.Comparisons;
using Spindle.Search.Results;
using Spindle.Search.Studies;

namespace Spindle.Reports;

/// <summary>A study's result for programs, as one JSON object. Means are in points. A number that is not known yet is null.</summary>
public static class JsonReport
{
    /// <summary>The result as indented JSON that ends with a line feed: <c>study</c>, <c>backbone</c>, <c>budget</c>, <c>stages</c>, <c>design</c>,
    /// <c>trained</c>, <c>baselines</c>, <c>trials</c>, <c>exampleSteps</c>; then <c>complete</c>, <c>found</c> (the found design in the final
    /// comparison, with the keys of a baseline), <c>rows</c> (<c>side</c>, the tested side, against each other one over the validation rows, in points; <c>task</c> is null for all tasks together;
    /// <c>seedsAndRows</c> has the interval of the multi-bootstrap),
    /// <c>simplest</c> (the side with the fewest trained parameters within one standard error of the winner), <c>winner</c> (the side that the search returns: <c>side</c>, <c>trained</c>, and its means on the rows that select, on the validation rows and on labelled test rows, <c>selection</c>,
    /// <c>validation</c> and <c>test</c>), <c>refit</c> (the same keys for the winner after it was trained again on all rows, where nothing selects, so <c>selection</c> is null; else null), <c>sides</c> (the same keys for every side of the final comparison), <c>differences</c> (<c>side</c>, the tested side, against each other one over seeds, in points, with its test;
    /// <c>zeroVariance</c> if the difference is the same with every seed), <c>tasksAtChance</c> (tasks that do not count in differences because no side is better than guessing),
    /// <c>tasks</c> (the score of guessing, the positive label of metric F1, and how many of the examined training rows are cut because they are longer than the model reads; null where that is not known),
    /// <c>warnings</c> and <c>notes</c>; at last <c>explanation</c> (<c>why</c>, the sentences of the other reports; <c>designs</c> and their <c>scores</c>; <c>reason</c>, why there are no effects, else null; <c>mainEffects</c>: <c>factor</c>, <c>level</c>,
    /// <c>against</c>, which is <c>none</c> for a strategy in every tuned layer against in none and <c>mean</c> for a level against the mean of its factor's, <c>effect</c> in points with its interval and p-values, and <c>designs</c> with it;
    /// <c>interactions</c>, the largest of <c>triedInteractions</c>: <c>strategy</c>, <c>factor</c> and <c>level</c> of the other choice, and the keys of a main effect; <c>rankCorrelations</c>: <c>cheap</c> and <c>full</c>, the conditions,
    /// <c>trained</c> and <c>compared</c>, the numbers of sides, and Spearman's <c>correlation</c> with its interval). A baseline and <c>found</c> end with what they cost: <c>headParameters</c>, <c>remainingParameters</c> (those that stay beside the backbone after merging),
    /// <c>millisecondsPerRow</c> (of predicting; it differs from run to run), <c>scoringBatch</c> (rows predicted at a time), and <c>recipe</c> (the learning rate and other settings that were chosen for it, else null). A stage has <c>certain</c> and <c>correctedProbability</c>; one that was a race has <c>race</c> (<c>none</c> while it runs, <c>one-left</c>, <c>equal</c>, <c>all-designs</c> or <c>constant</c>), and its options <c>reused</c> (designs of earlier stages), <c>droppedAfter</c> (designs) and <c>droppedProbability</c>. Its options have <c>probabilityOfBest</c>, and a side <c>normalized</c>: its mean
    /// between guessing (0) and the best side (100). <c>earlier</c> has the earlier searches that the search started from: <c>store</c>, <c>study</c>, <c>backbone</c>, <c>tasks</c>, <c>scores</c> (their number), <c>leftOut</c> (scores of what this study does not have), and Spearman's
    /// <c>correlation</c> of what they expect with the scores of the <c>compared</c> sides, with its interval. The last keys are <c>runs</c> (where the search ran: <c>started</c>, <c>processor</c>, <c>cores</c>, <c>memory</c> in bytes, <c>system</c>, <c>dotNet</c>, <c>libtorch</c>, Spindle's <c>version</c> and <c>commit</c>,
    /// <c>workers</c>, <c>devices</c>, <c>command</c>), <c>seed</c> and <c>studyText</c>, the study to repeat it.</summary>
    public static string Write(StudyResult result)
    {
        using var bytes = new MemoryStream();
        // keeps '+' in strategy sets readable; the text is not embedded in a web page
        using (var json = new Utf8JsonWriter(bytes, new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
            Write(json, result);
        return Encoding.UTF8.GetString(bytes.ToArray()) + "\n";
    }

    private static void Write(Utf8JsonWriter json, StudyResult result)
    {
        json.WriteStartObject();
        json.WriteString("study", result.Study.Name);
        json.WriteString("backbone", result.Study.Backbone);
        json.WriteNumber("budget", result.Study.Budget);
        json.WriteStartArray("stages");
        foreach (var stage in result.Stages) Write(json, stage);
        json.WriteEndArray();
        if (result is { Plan: { Design: { } design } plan }) Write(json, design, plan);
        else json.WriteNull("design");
        Number(json, "trained", result.Plan?.Parameters);
        json.WriteStartArray("baselines");
        foreach (var baseline in result.Baselines) Write(json, baseline, result.Voting);
        json.WriteEndArray();
        json.WriteNumber("trials", result.Trials);
        json.WriteNumber("exampleSteps", result.ExampleSteps);
        json.WriteBoolean("complete", result.IsComplete);
        json.WritePropertyName("found");
        if (result.Found is { } found) Write(json, found, result.Voting);
        else json.WriteNullValue();
        json.WriteStartArray("rows");
        foreach (var rows in result.Rows) Write(json, result.Reference!, rows);
        json.WriteEndArray();
        if (result.Simplest is { } simplest) json.WriteString("simplest", simplest.Name);
        else json.WriteNull("simplest");
        json.WritePropertyName("winner");
        if (result.Winner is { } winner) Summary(json, winner);
        else json.WriteNullValue();
        json.WritePropertyName("leader");
        if (result.Leader is { } leader)
        {
            json.WriteStartObject();
            json.WriteString("stage", leader.Stage);
            json.WriteString("side", leader.Option);
            Number(json, "selection", leader.Points);
            json.WriteEndObject();
        }
        else json.WriteNullValue();
        json.WritePropertyName("refit");
        if (result.Refit is { } refit) Summary(json, refit with { SeedMeans = new Dictionary<int, double>() });
        else json.WriteNullValue();
        json.WriteStartArray("sides");
        foreach (var side in result.Sides) Summary(json, side);
        json.WriteEndArray();
        Differences(json, result);
        Texts(json, "tasksAtChance", result.Voting.AtChance);
        json.WriteStartArray("tasks");
        foreach (var task in result.Study.Tasks) Write(json, task);
        json.WriteEndArray();
        Texts(json, "warnings", result.Warnings);
        Texts(json, "notes", result.Notes);
        json.WritePropertyName("explanation");
        if (result.Explanation is { } explanation) ExplanationJson.Write(json, result, explanation);
        else json.WriteNullValue();
        json.WriteStartArray("earlier");
        foreach (var earlier in result.Earlier) Write(json, earlier);
        json.WriteEndArray();
        json.WriteStartArray("runs");
        foreach (var run in result.Study.Runs) Write(json, run);
        json.WriteEndArray();
        json.WriteString("seed", RunText.Seed(result.Study));
        json.WriteString("studyText", result.Study.Text);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, EarlierResult earlier)
    {
        json.WriteStartObject();
        json.WriteString("store", earlier.Study.Store);
        json.WriteString("study", earlier.Study.Name);
        json.WriteString("backbone", earlier.Study.Backbone);
        Texts(json, "tasks", earlier.Study.Tasks);
        json.WriteNumber("scores", earlier.Study.Scores.Count);
        json.WriteNumber("leftOut", earlier.Study.LeftOut);
        Number(json, "compared", (long?)earlier.Correlation?.Ranks?.Count);
        Number(json, "correlation", earlier.Correlation?.Ranks?.Value);
        Number(json, "lower", earlier.Correlation?.Ranks?.Lower);
        Number(json, "upper", earlier.Correlation?.Ranks?.Upper);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, SearchRun run)
    {
        json.WriteStartObject();
        json.WriteString("started", run.Started.UtcDateTime);
        json.WriteString("processor", run.Processor);
        json.WriteNumber("cores", run.Cores);
        json.WriteNumber("memory", run.Memory);
        json.WriteString("system", run.System);
        json.WriteString("dotNet", run.DotNet);
        json.WriteString("libtorch", run.Libtorch);
        json.WriteString("version", run.Version);
        json.WriteString("commit", run.Commit);
        json.WriteNumber("workers", run.Workers);
        json.WriteString("devices", run.Devices);
        json.WriteString("command", run.Command);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, TaskChance task)
    {
        json.WriteStartObject();
        json.WriteString("task", task.Name);
        Number(json, "chance", task.Chance);
        json.WriteString("positiveLabel", task.PositiveLabel);
        Number(json, "cutRows", (long?)task.CutRows);
        Number(json, "examinedRows", (long?)task.ExaminedRows);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, StageResult stage)
    {
        json.WriteStartObject();
        json.WriteString("stage", stage.Name);
        json.WriteStartArray("options");
        foreach (var option in stage.Options)
        {
            json.WriteStartObject();
            json.WriteString("option", option.Name);
            json.WriteNumber("trials", option.Trials);
            Number(json, "mean", option.Mean);
            Number(json, "standardError", option.StandardError);
            Number(json, "probabilityOfBest", option.ProbabilityOfBest);
            if (stage.Race is not null)
            {
                json.WriteNumber("reused", option.Reused);
                Number(json, "droppedAfter", option.Dropped?.Designs);
                Number(json, "droppedProbability", option.Dropped?.Probability);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
        if (stage.Race is { } race) json.WriteString("race", KebabCase.From(race.End));
        json.WriteString("chosen", stage.Chosen);
        if (stage.IsCertain is { } certain) json.WriteBoolean("certain", certain);
        else json.WriteNull("certain");
        Number(json, "correctedProbability", stage.CorrectedProbability);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, Design design, TuningPlan.Sized plan)
    {
        json.WriteStartObject("design");
        json.WriteString("grouping", KebabCase.From(design.Grouping.Pattern));
        json.WriteStartArray("sizes");
        foreach (var size in design.Grouping.Sizes) json.WriteNumberValue(size);
        json.WriteEndArray();
        json.WriteBoolean("exact", design.Grouping.Exact);
        json.WriteString("allocation", KebabCase.From(design.Allocation.Pattern));
        json.WriteStartArray("weights");
        foreach (var weight in design.Allocation.Weights) json.WriteNumberValue(weight);
        json.WriteEndArray();
        json.WriteStartArray("groups");
        for (var group = 0; group < design.Grouping.Sizes.Count; group++)
        {
            json.WriteStartObject();
            json.WriteString("group", FormattableString.Invariant($"G{group + 1}"));
            json.WriteNumber("layers", design.Grouping.Sizes[group]);
            Texts(json, "strategies", design.Strategies.Groups[group]);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("layers");
        foreach (var layer in plan.Layers)
        {
            json.WriteStartObject();
            json.WriteNumber("layer", layer.Layer + 1);
            json.WriteNumber("parameters", layer.Parameters);
            json.WriteStartArray("strategies");
            foreach (var strategy in layer.Strategies)
            {
                json.WriteStartObject();
                json.WriteString("name", strategy.Name);
                json.WriteNumber("size", strategy.Size);
                json.WriteNumber("parameters", strategy.Parameters);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Differences(Utf8JsonWriter json, StudyResult result)
    {
        var corrected = PairedTest.Corrected(result);
        json.WriteStartArray("differences");
        foreach (var other in result.Others)
        {
            if (result.Against(other) is not { Test: { } test } difference) continue;
            json.WriteStartObject();
            json.WriteString("side", result.Reference!.Name);
            json.WriteString("against", other.Name);
            json.WriteNumber("seeds", difference.Differences.Count);
            Texts(json, "tasks", result.Voting.Names);
            Number(json, "difference", test.Estimate);
            Number(json, "standardError", test.StandardError);
            Number(json, "degreesOfFreedom", test.DegreesOfFreedom);
            Number(json, "lower", test.Lower);
            Number(json, "upper", test.Upper);
            Number(json, "probability", test.Probability);
            Number(json, "correctedProbability", corrected.GetValueOrDefault(other.Name));
            json.WriteBoolean("zeroVariance", test.HasZeroVariance);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, FinalResult side, VotingTasks voting)
    {
        json.WriteStartObject();
        json.WriteString("name", side.Name);
        Number(json, "trained", side.Trained);
        Number(json, "mean", side.Mean);
        json.WriteStartObject("scores");
        foreach (var (task, score) in side.Scores) Number(json, task, score);
        json.WriteEndObject();
        Number(json, "standardError", side.StandardError);
        Number(json, "probabilityOfBest", side.ProbabilityOfBest);
        Number(json, "normalized", side.IsScored ? voting.Normalized(side.TaskMeans) : null);
        json.WriteNumber("trials", side.Trials);
        json.WriteStartObject("metrics");
        foreach (var (task, metrics) in side.Metrics)
        {
            json.WriteStartObject(task);
            foreach (var (metric, value) in metrics) Number(json, metric, value);
            json.WriteEndObject();
        }

        json.WriteEndObject();
        Number(json, "headParameters", side.HeadParameters);
        Number(json, "remainingParameters", side.RemainingParameters);
        Number(json, "millisecondsPerRow", side.MillisecondsPerRow);
        Number(json, "scoringBatch", (long?)side.ScoringBatch);
        json.WriteString("recipe", side.Recipe);
        json.WriteEndObject();
    }

    private static void Summary(Utf8JsonWriter json, FinalResult side)
    {
        json.WriteStartObject();
        json.WriteString("side", side.Name);
        Number(json, "trained", side.Trained);
        Number(json, "selection", side.Mean);
        Number(json, "validation", side.Validation);
        Number(json, "test", side.Test);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, FinalResult tested, RowComparison rows)
    {
        json.WriteStartObject();
        json.WriteString("side", tested.Name);
        json.WriteString("against", rows.Against);
        json.WriteString("task", rows.Task);
        json.WriteNumber("rows", rows.Rows);
        json.WriteNumber("seeds", rows.Seeds);
        Number(json, "difference", rows.Effect.Difference);
        Number(json, "lower", rows.Effect.Lower);
        Number(json, "upper", rows.Effect.Upper);
        Number(json, "bootstrapProbability", rows.Effect.Probability);
        Number(json, "permutationProbability", rows.Probability);
        json.WritePropertyName("seedsAndRows");
        if (rows.SeedsAndRows is { } both)
        {
            json.WriteStartObject();
            Number(json, "lower", both.Lower);
            Number(json, "upper", both.Upper);
            Number(json, "probability", both.Probability);
            json.WriteEndObject();
        }
        else json.WriteNullValue();

        json.WriteEndObject();
    }

    // JSON has no infinity
    internal static void Number(Utf8JsonWriter json, string name, double? value)
    {
        if (value is { } number && double.IsFinite(number)) json.WriteNumber(name, number);
        else json.WriteNull(name);
    }

    internal static void Number(Utf8JsonWriter json, string name, long? value)
    {
        if (value is { } number) json.WriteNumber(name, number);
        else json.WriteNull(name);
    }

    internal static void Texts(Utf8JsonWriter json, string name, IEnumerable<string> texts)
    {
        json.WriteStartArray(name);
        foreach (var text in texts) json.WriteStringValue(text);
        json.WriteEndArray();
    }
}
