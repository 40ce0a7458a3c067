using System.Text.Json;
using Spindle.Designs.Text;
using Spindle.Metrics.LinearModels;
using Spindle.Search.Explanations;
using Spindle.Search.Results;

namespace Spindle.Reports;

/// <summary>Which choices moved the score, as JSON.</summary>
internal static class ExplanationJson
{
    /// <summary>Writes the object.</summary>
    public static void Write(Utf8JsonWriter json, StudyResult result, Explanation explanation)
    {
        json.WriteStartObject();
        JsonReport.Texts(json, "why", DesignReasons.List(result, withLead: true));
        json.WriteNumber("designs", explanation.Designs);
        json.WriteNumber("scores", explanation.Scores);
        json.WriteString("reason", explanation.Reason);
        json.WriteStartArray("mainEffects");
        foreach (var effect in explanation.MainEffects)
        {
            json.WriteStartObject();
            Level(json, effect.Level);
            json.WriteString("against", effect.IsAgainstNone ? "none" : "mean");
            Effect(json, effect.Points, effect.CorrectedProbability, effect.Designs);
        }

        json.WriteEndArray();
        json.WriteStartArray("interactions");
        foreach (var effect in explanation.Interactions)
        {
            json.WriteStartObject();
            json.WriteString("strategy", effect.Strategy.Name);
            Level(json, effect.Other);
            Effect(json, effect.Points, effect.CorrectedProbability, effect.Designs);
        }

        json.WriteEndArray();
        json.WriteNumber("triedInteractions", explanation.TriedInteractions);
        json.WriteStartArray("rankCorrelations");
        foreach (var found in explanation.Correlations)
        {
            json.WriteStartObject();
            Conditions(json, "cheap", found.Cheap);
            Conditions(json, "full", found.Full);
            json.WriteNumber("trained", found.Trained);
            json.WriteNumber("compared", found.Ranks.Count);
            JsonReport.Number(json, "correlation", found.Ranks.Value);
            JsonReport.Number(json, "lower", found.Ranks.Lower);
            JsonReport.Number(json, "upper", found.Ranks.Upper);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Level(Utf8JsonWriter json, FactorLevel level)
    {
        json.WriteString("factor", KebabCase.From(level.Factor));
        json.WriteString("level", level.Name);
    }

    private static void Effect(Utf8JsonWriter json, ContrastEstimate points, double corrected, int designs)
    {
        JsonReport.Number(json, "effect", points.Value);
        JsonReport.Number(json, "standardError", points.StandardError);
        JsonReport.Number(json, "degreesOfFreedom", points.DegreesOfFreedom);
        JsonReport.Number(json, "lower", points.Lower);
        JsonReport.Number(json, "upper", points.Upper);
        JsonReport.Number(json, "probability", points.Probability);
        JsonReport.Number(json, "correctedProbability", corrected);
        json.WriteNumber("designs", designs);
        json.WriteEndObject();
    }

    private static void Conditions(Utf8JsonWriter json, string name, Regime regime)
    {
        json.WriteStartObject(name);
        json.WriteString("stage", regime.Stage);
        json.WriteNumber("epochs", regime.Epochs);
        JsonReport.Number(json, "rows", (long?)regime.TrainingRows);
        json.WriteNumber("seeds", regime.Runs);
        json.WriteEndObject();
    }
}
