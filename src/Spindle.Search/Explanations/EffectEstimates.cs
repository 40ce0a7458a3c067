using Spindle.Metrics;
using Spindle.Metrics.LinearModels;

namespace Spindle.Search.Explanations;

/// <summary>The effects that a fitted model allows.</summary>
/// <param name="columns">The columns.</param>
/// <param name="model">The model, which varies.</param>
internal sealed class EffectEstimates(EffectColumns columns, LinearMixedModel model)
{
    /// <summary>The main effects, in the order of the columns.</summary>
    public IReadOnlyList<MainEffect> MainEffects()
    {
        var contrasts = new List<(int Column, bool IsAgainstNone, bool IsRepeated, ContrastEstimate Estimate)>();
        foreach (var factor in Enumerable.Range(0, columns.Levels.Count).GroupBy(column => columns.Levels[column].Factor))
        {
            int[] all = [.. factor];
            if (factor.Key == Factor.Strategy)
            {
                int[] alone = [.. all.Where(column => model.IsEstimable([new(column, 1)]))];
                contrasts.AddRange(alone.Select(column => (column, true, false, model.Estimate([new(column, 1)]))));
                all = [.. all.Except(alone)];
            }

            // levels that no stage compares have no difference
            var compared = Classes(all).Where(levels => levels.Count > 1).MaxBy(levels => levels.Sum(column => columns.ScoresWith(column))) ?? [];
            contrasts.AddRange(compared.Select((column, at) => (column, false,
                // of two levels, each is the other's mirror image
                compared.Count == 2 && at == 1, model.Estimate([.. compared.Select(other => new Term(other, (other == column ? 1 : 0) - 1.0 / compared.Count))]))));
        }

        var corrected = Holm.Adjust([.. contrasts.Select(contrast => contrast.IsRepeated ? double.NaN : contrast.Estimate.Probability)]);
        return [.. contrasts.Select((contrast, at) => new MainEffect(columns.Levels[contrast.Column], contrast.IsAgainstNone, contrast.Estimate, columns.DesignsWith(contrast.Column), corrected[contrast.IsRepeated ? at - 1 : at]))
            .OrderBy(effect => effect.Level.Factor)];
    }

    /// <summary>The interactions that could be tried, from the least probable by chance.</summary>
    public IReadOnlyList<InteractionEffect> Interactions()
    {
        var tried = columns.Interactions.Select((pair, added) => (Pair: pair, Added: added, Estimate: model.Added(added))).Where(interaction => interaction.Estimate is not null).ToArray();
        var corrected = Holm.Adjust([.. tried.Select(interaction => interaction.Estimate!.Probability)]);
        return [.. tried.Select((interaction, at) => new InteractionEffect(columns.Levels[interaction.Pair.Strategy], columns.Levels[interaction.Pair.Other], interaction.Estimate!, columns.DesignsWithBoth(interaction.Added), corrected[at]))
            .OrderBy(interaction => interaction.Points.Probability)];
    }

    // levels whose differences can be estimated
    private List<List<int>> Classes(int[] all)
    {
        var classes = new List<List<int>>();
        foreach (var column in all)
        {
            if (classes.Find(levels => model.IsEstimable([new(levels[0], 1), new(column, -1)])) is { } same) same.Add(column);
            else classes.Add([column]);
        }

        return classes;
    }
}
