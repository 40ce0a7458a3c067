using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Spindle.Designs.Plans;
using Spindle.Search.Results;
using Spindle.Search.Trials;

namespace Spindle.Reports.Html;

/// <summary>What the page shows, as one JSON object: the answer in sentences, the figures' data, and the whole JSON report.</summary>
internal static class PageData
{
    // the default encoder escapes <, > and &, so that no text can end the script element that holds it
    private static readonly JsonSerializerOptions Options = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.Never, NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    /// <summary>The object as JSON that can stand in an HTML page.</summary>
    /// <param name="result">The result.</param>
    /// <param name="trials">The trials of its store.</param>
    public static string Write(StudyResult result, IReadOnlyCollection<Trial> trials)
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
            ["selects"] = result.SelectsOnOwnRows ? "selection rows" : "validation rows, which also selected",
            ["designs"] = JsonSerializer.SerializeToNode(DesignPoint.Of(trials, result.Study.Tasks.Count).Select(point => point with { Points = Finite(point.Points), Curve = [.. point.Curve.Select(Finite)] }), Options),
            ["costs"] = Costs(trials),
            ["report"] = JsonNode.Parse(JsonReport.Write(result)),
        };
        return data.ToJsonString(Options);
    }

    // the design that is handed back, layer by layer
    private static TuningPlan.Sized? Handed(StudyResult result, IEnumerable<Trial> trials) => (result.Winner ?? result.Reference) is { } side
        ? trials.LastOrDefault(trial => trial.Spec.Key.Option == side.Name)?.Spec.Plan as TuningPlan.Sized
        : result.Leader is { } leader ? trials.LastOrDefault(trial => trial.Spec.Key.Stage == leader.Stage && trial.Spec.Key.Option == leader.Option)?.Spec.Plan as TuningPlan.Sized : null;

    private static JsonArray Layers(TuningPlan.Sized? plan) => [.. (plan?.Layers ?? []).SelectMany(layer => layer.Strategies.Select(strategy =>
        (JsonNode)new JsonObject { ["layer"] = layer.Layer + 1, ["strategy"] = strategy.Name, ["size"] = strategy.Size, ["parameters"] = strategy.Parameters }))];

    private static JsonArray Costs(IEnumerable<Trial> trials) => [.. trials.Where(trial => trial.IsFinished).GroupBy(trial => trial.Spec.Key.Stage).Select(stage => (JsonNode)new JsonObject
    {
        ["stage"] = stage.Key,
        ["trials"] = stage.Count(),
        ["examples"] = stage.Sum(trial => trial.Outcome?.ExampleSteps ?? 0),
        ["seconds"] = Math.Round(stage.Sum(trial => trial.Outcome?.Seconds ?? 0), 1),
    })];

    private static JsonArray Texts(IEnumerable<string> texts) => [.. texts.Select(text => (JsonNode)JsonValue.Create(text))];

    private static double Finite(double value) => Math.Round(double.IsFinite(value) ? value : 0, 3);
}
