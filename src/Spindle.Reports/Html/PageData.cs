using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using MathNet.Numerics.Distributions;
using Spindle.Designs.Plans;
using Spindle.Search.Results;
using Spindle.Search.Stages;
using Spindle.Search.Studies;
using Spindle.Search.Trials;

namespace Spindle.Reports.Html;

/// <summary>What the page shows, as one JSON object: the answer in sentences, the figures' data, and the whole JSON report.</summary>
internal static class PageData
{
    private const int MostDegrees = 100;

    // the default encoder escapes <, > and &, so that no text can end the script element that holds it
    private static readonly JsonSerializerOptions Options = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.Never, NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    /// <summary>The object as JSON that can stand in an HTML page.</summary>
    /// <param name="result">The result.</param>
    /// <param name="trials">The trials of its store.</param>
    /// <param name="losses">The curve of a trial's training loss by the trial's number, or null for none.</param>
    public static string Write(StudyResult result, IReadOnlyCollection<Trial> trials, Func<long, IReadOnlyList<LossPoint>>? losses)
    {
        var plan = Handed(result, trials);
        var data = new JsonObject
        {
            ["answer"] = Texts(Conclusions.List(result)),
            ["version"] = typeof(PageData).Assembly.GetName().Version?.ToString(3),
            ["settings"] = result.Study.Text,
            ["policy"] = result.Study.Policy,
            ["seed"] = result.Study.Settings?.GetValueOrDefault("search.seed"),
            ["backboneParameters"] = result.Study.BackboneParameters,
            ["layers"] = Layers(plan),
            ["layerCount"] = plan?.Design?.Layers,
            ["finalStages"] = Texts([FinalComparison.StageName, TrialKey.RefitStage, TrialKey.WeightsStage]),
            // of Student's t, by degrees of freedom from 1
            ["quantiles"] = new JsonArray([.. Enumerable.Range(1, MostDegrees).Select(degrees => (JsonNode)JsonValue.Create(StudentT.InvCDF(0, 1, degrees, 0.975)))]),
            ["lowest"] = ScoreBounds.Of(result.Study.Tasks).Lowest,
            ["selects"] = result.SelectsOnOwnRows ? "selection rows" : "validation rows, which also selected",
            ["designs"] = JsonSerializer.SerializeToNode(DesignPoint.Of(trials, result.Study.Tasks.Count).Where(point => double.IsFinite(point.Points) && point.Curve.All(double.IsFinite)), Options),
            ["losses"] = JsonSerializer.SerializeToNode(losses is null ? [] : SideLoss.Of(result, trials, losses), Options),
            ["costs"] = Costs(trials),
            ["report"] = JsonNode.Parse(JsonReport.Write(result)),
        };
        return data.ToJsonString(Options);
    }

    // the design that is handed back; an option of a stage may have the same name as a side
    private static TuningPlan.Sized? Handed(StudyResult result, IEnumerable<Trial> trials) => ((result.Winner ?? result.Reference) is { } side
        ? trials.LastOrDefault(trial => IsFinal(trial.Spec.Key.Stage) && trial.Spec.Key.Option == side.Name)
        : result.Leader?.Trials[0])?.Spec.Plan as TuningPlan.Sized;

    private static bool IsFinal(string stage) => stage is FinalComparison.StageName or TrialKey.RefitStage or TrialKey.WeightsStage;

    private static JsonArray Layers(TuningPlan.Sized? plan) => [.. (plan?.Layers ?? []).SelectMany(layer => layer.Strategies.Select(strategy =>
        (JsonNode)new JsonObject { ["layer"] = layer.Layer + 1, ["strategy"] = strategy.Name, ["size"] = strategy.Size, ["parameters"] = strategy.Parameters }))];

    private static JsonArray Costs(IEnumerable<Trial> trials) => [.. trials.Where(trial => trial.IsFinished).GroupBy(trial => trial.Spec.Key.Stage).OrderBy(stage => IsFinal(stage.Key)).Select(stage => (JsonNode)new JsonObject
    {
        ["stage"] = stage.Key,
        ["trials"] = stage.Count(),
        ["examples"] = stage.Sum(trial => trial.Outcome?.ExampleSteps ?? 0),
        ["seconds"] = Math.Round(stage.Sum(trial => trial.Outcome?.Seconds ?? 0), 1),
    })];

    private static JsonArray Texts(IEnumerable<string> texts) => [.. texts.Select(text => (JsonNode)JsonValue.Create(text))];
}
