using System.Globalization;
using System.Text;
using Spindle.Search.Storage;

namespace Spindle.Search.Tests.Synthetic;

/// <summary>All of a store that a search's numbers are: what an interrupted search must end with as an uninterrupted one does. Times, workers and
/// claims are not among them.</summary>
internal static class StoreNumbers
{
    /// <summary>The same whatever the order in which trials were added.</summary>
    public static string Sorted(ITrialStore store) => string.Join('\n', Of(store).Split('\n').Select(line => line.TrimStart("0123456789 ".ToCharArray())).Order(StringComparer.Ordinal));

    public static string Of(ITrialStore store)
    {
        var text = new StringBuilder();
        foreach (var stage in store.Stages()) text.AppendLine(StoreText.Write(stage));
        foreach (var trial in store.Trials())
        {
            text.Append(CultureInfo.InvariantCulture, $"{trial.Id} {trial.Spec.Key} {StoredPlan.DesignText(trial.Spec.Plan)} ")
                .Append(CultureInfo.InvariantCulture, $"{StoredPlan.SizesText(trial.Spec.Plan)} {trial.Spec.Key.Seed} {trial.Spec.Key.Epochs} {trial.Spec.KeepsWeights} ")
                .Append(CultureInfo.InvariantCulture, $"{trial.State} {trial.Failure} {StoreText.Write(trial.Outcome)}")
                .AppendLine();
        }

        foreach (var stage in store.Stages())
            foreach (var (trial, predictions) in store.Predictions(stage.Name).OrderBy(pair => pair.Key))
                text.AppendLine(CultureInfo.InvariantCulture, $"{trial} {StoreText.Write(predictions)}");

        return text.ToString();
    }
}
