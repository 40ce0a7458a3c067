using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Spindle.Reports.Tests;

public sealed class JsonReportTests
{
    [Fact]
    public void The_object_has_the_promised_keys_in_order()
    {
        var report = JsonNode.Parse(JsonReport.Write(Results.Complete))!.AsObject();
        Assert.Equal(
            ["study", "backbone", "budget", "stages", "design", "trained", "baselines", "trials", "exampleSteps", "complete", "found", "rows", "simplest", "winner", "leader", "refit", "sides", "differences", "tasksAtChance", "tasks", "warnings", "notes", "explanation", "earlier", "runs", "seed", "studyText"],
            report.Select(key => key.Key));
        Assert.Equal("glue | tiny", (string)report["study"]!);
        Assert.Equal(["stage", "options", "chosen", "certain", "correctedProbability"], report["stages"]![1]!.AsObject().Select(key => key.Key));
        Assert.Equal(["option", "trials", "mean", "standardError", "probabilityOfBest"], report["stages"]![1]!["options"]![0]!.AsObject().Select(key => key.Key));
        Assert.Equal(["name", "trained", "mean", "scores"], report["baselines"]![0]!.AsObject().Select(key => key.Key).Take(4));
        Assert.Equal(["sst2", "builtin/similarity"], report["baselines"]![0]!["scores"]!.AsObject().Select(key => key.Key));
        Assert.Equal("spindle", (string)report["stages"]![1]!["chosen"]!);
        Assert.Equal(70.125, (double)report["stages"]![1]!["options"]![0]!["mean"]!);
        Assert.Equal(81.166666666666671, (double)report["found"]!["mean"]!, 12);
    }

    [Fact]
    public void The_winner_and_every_side_have_the_same_keys()
    {
        var report = JsonNode.Parse(JsonReport.Write(Results.Complete))!;
        string[] keys = ["side", "trained", "selection", "validation", "test"];
        Assert.Equal(keys, report["winner"]!.AsObject().Select(key => key.Key));
        Assert.Equal(("found", 96_072), ((string)report["winner"]!["side"]!, (int)report["winner"]!["trained"]!));
        Assert.Equal(["found", "lora", "bitfit", "full"], report["sides"]!.AsArray().Select(side => (string)side!["side"]!));
        Assert.All(report["sides"]!.AsArray(), side => Assert.Equal(keys, side!.AsObject().Select(key => key.Key)));
        Assert.Null(report["sides"]![0]!["validation"]);
        Assert.Null(JsonNode.Parse(JsonReport.Write(Results.Partial))!["winner"]);
    }

    [Fact]
    public void Scores_on_selection_validation_and_test_rows_are_told_apart_and_the_winner_is_tested()
    {
        var report = JsonNode.Parse(JsonReport.Write(Results.Selected))!;
        Assert.Equal(("lora", 83.0, 80.0, 79.0), ((string)report["winner"]!["side"]!, (double)report["winner"]!["selection"]!, (double)report["winner"]!["validation"]!, (double)report["winner"]!["test"]!));
        Assert.All(report["differences"]!.AsArray(), difference => Assert.Equal("lora", (string)difference!["side"]!));
        Assert.Equal(["found", "bitfit", "full"], report["differences"]!.AsArray().Select(difference => (string)difference!["against"]!));
        Assert.Equal(0.75, (double)report["baselines"]![0]!["probabilityOfBest"]!);
    }

    [Fact]
    public void Every_side_has_its_head_what_merging_leaves_and_the_time_of_a_row()
    {
        var report = JsonNode.Parse(JsonReport.Write(Results.Measured))!;
        string[] keys = ["headParameters", "remainingParameters", "millisecondsPerRow", "scoringBatch"];
        Assert.Equal(keys, report["found"]!.AsObject().Select(key => key.Key).TakeLast(5).Take(4));
        Assert.Equal([1_538, 53_072, 1.23456, 32], keys.Select(key => (double)report["found"]![key]!));
        Assert.Equal([1_538, 0, 0.98765, 32], keys.Select(key => (double)report["baselines"]![0]![key]!));
        Assert.All(report["baselines"]!.AsArray().Skip(1), side => Assert.All(keys, key => Assert.True(side!.AsObject().ContainsKey(key) && side[key] is null)));
    }

    [Fact]
    public void Rows_have_their_interval_and_both_probabilities()
    {
        var rows = JsonNode.Parse(JsonReport.Write(Results.Complete))!["rows"]!.AsArray();
        Assert.Equal(4, rows.Count);
        Assert.Equal(
            ["side", "against", "task", "rows", "seeds", "difference", "lower", "upper", "bootstrapProbability", "permutationProbability", "seedsAndRows"], rows[0]!.AsObject().Select(key => key.Key));
        Assert.Equal(("found", "lora"), ((string)rows[0]!["side"]!, (string)rows[0]!["against"]!));
        Assert.Null(rows[0]!["task"]);
        Assert.Equal("sst2", (string)rows[1]!["task"]!);
        Assert.Equal(
            (1_649, 1.0, -0.7, 2.6, 0.24, 0.25),
            ((int)rows[0]!["rows"]!, (double)rows[0]!["difference"]!, (double)rows[0]!["lower"]!, (double)rows[0]!["upper"]!,
                (double)rows[0]!["bootstrapProbability"]!, (double)rows[0]!["permutationProbability"]!));
    }

    [Fact]
    public void A_choice_has_its_probability_and_whether_it_is_certain()
    {
        var stages = JsonNode.Parse(JsonReport.Write(Results.Tested))!["stages"]!;
        Assert.Equal((true, 0.0036, 0.9991), ((bool)stages[0]!["certain"]!, (double)stages[0]!["correctedProbability"]!, (double)stages[0]!["options"]![0]!["probabilityOfBest"]!));
        Assert.False((bool)stages[1]!["certain"]!);
        Assert.Null(JsonNode.Parse(JsonReport.Write(Results.Complete))!["stages"]![1]!["certain"]);
    }

    [Fact]
    public void Differences_have_their_test_and_its_correction()
    {
        var report = JsonNode.Parse(JsonReport.Write(Results.Tested))!;
        var differences = report["differences"]!.AsArray();
        Assert.Equal(["lora", "bitfit", "full"], differences.Select(difference => (string)difference!["against"]!));
        var lora = differences[0]!;
        Assert.Equal((1, 2), (Math.Round((double)lora["difference"]!, 9), Math.Round((double)lora["degreesOfFreedom"]!, 9)));
        Assert.Equal(["sst2", "builtin/similarity"], lora["tasks"]!.AsArray().Select(task => (string)task!));
        Assert.True((double)differences[1]!["probability"]! < (double)differences[1]!["correctedProbability"]!);
        Assert.Equal((-1.5, 3.5, 0.4), ((double)report["rows"]![0]!["seedsAndRows"]!["lower"]!, (double)report["rows"]![0]!["seedsAndRows"]!["upper"]!, (double)report["rows"]![0]!["seedsAndRows"]!["probability"]!));
        Assert.Null(report["rows"]![1]!["seedsAndRows"]);
        Assert.Empty(report["tasksAtChance"]!.AsArray());
        // full fine-tuning is the best side on both tasks
        Assert.Equal(100, (double)report["baselines"]![2]!["normalized"]!, 1e-9);
        Assert.InRange((double)report["found"]!["normalized"]!, 80, 99);
    }

    [Fact]
    public void Tasks_have_their_positive_label_and_the_number_of_cut_rows()
    {
        var result = Results.Complete;
        var study = result.Study with { Tasks = [new("reviews", 41.5) { PositiveLabel = "spam", Cut = "12 of 800 training rows (1.5%) are cut at 128 tokens", CutRows = 12, ExaminedRows = 800 }, result.Study.Tasks[1]] };
        var tasks = JsonNode.Parse(JsonReport.Write(result with { Study = study }))!["tasks"]!;
        Assert.Equal("""{"task":"reviews","chance":41.5,"positiveLabel":"spam","cutRows":12,"examinedRows":800}""", tasks[0]!.ToJsonString());
        Assert.Equal("""{"task":"builtin/similarity","chance":0,"positiveLabel":null,"cutRows":null,"examinedRows":null}""", tasks[1]!.ToJsonString());
    }

    [Fact]
    public void Counts_are_whole_numbers()
    {
        using var report = JsonDocument.Parse(JsonReport.Write(Results.Complete));
        foreach (var (name, value) in new[] { ("budget", 113_566L), ("trained", 96_072), ("trials", 48), ("exampleSteps", 14_400) })
        {
            Assert.Equal(value, report.RootElement.GetProperty(name).GetInt64());
            Assert.Equal(value.ToString(CultureInfo.InvariantCulture), report.RootElement.GetProperty(name).GetRawText());
        }
    }

    [Fact]
    public void The_design_has_its_groups_sizes_and_strategies()
    {
        var design = JsonNode.Parse(JsonReport.Write(Results.Complete))!["design"]!;
        Assert.Equal("spindle", (string)design["grouping"]!);
        Assert.Equal("uniform", (string)design["allocation"]!);
        Assert.Equal("[1,2,2,1]", design["sizes"]!.ToJsonString());
        Assert.Equal(["adapter", "lora"], design["groups"]![0]!["strategies"]!.AsArray().Select(name => (string)name!));
        Assert.Empty(design["groups"]![1]!["strategies"]!.AsArray());
        Assert.Equal(20, (int)design["layers"]![0]!["strategies"]![0]!["size"]!);
        Assert.Equal(4, (int)design["layers"]![1]!["layer"]!);
    }

    [Fact]
    public void A_search_that_has_not_ended_has_nulls_and_says_so()
    {
        var report = JsonNode.Parse(JsonReport.Write(Results.Partial))!.AsObject();
        Assert.False((bool)report["complete"]!);
        Assert.Null(report["design"]);
        Assert.Null(report["trained"]);
        Assert.True(report.ContainsKey("trained"));
        Assert.Empty(report["baselines"]!.AsArray());
        Assert.Null(report["stages"]![1]!["chosen"]);
        Assert.Null(report["stages"]![1]!["options"]![0]!["standardError"]);
        Assert.Null(report["stages"]![1]!["options"]![1]!["mean"]);
    }

    [Fact]
    public void Numbers_do_not_depend_on_the_culture()
    {
        var invariant = JsonReport.Write(Results.Complete) + MarkdownReport.Write(Results.Complete) + TextReport.Write(Results.Complete);
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("de-DE");
            Assert.Equal(invariant, JsonReport.Write(Results.Complete) + MarkdownReport.Write(Results.Complete) + TextReport.Write(Results.Complete));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void A_race_has_why_it_ended_and_when_each_option_was_dropped()
    {
        var stages = JsonNode.Parse(JsonReport.Write(Results.Raced))!["stages"]!;
        Assert.Equal(("one-left", "equal"), ((string)stages[0]!["race"]!, (string)stages[1]!["race"]!));
        Assert.Equal((2, 0.0123), ((int)stages[0]!["options"]![1]!["droppedAfter"]!, (double)stages[0]!["options"]![1]!["droppedProbability"]!));
        Assert.Null(stages[0]!["options"]![0]!["droppedAfter"]);
        Assert.Equal(1, (int)stages[1]!["options"]![0]!["reused"]!);
        Assert.False(JsonNode.Parse(JsonReport.Write(Results.Tested))!["stages"]![0]!.AsObject().ContainsKey("race"));
    }
}
