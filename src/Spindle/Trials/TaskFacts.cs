using Spindle.Designs.Text;
using Spindle.Search.Studies;
using Spindle.Training.Evaluation;
using Spindle.Training.FineTuning;

namespace Spindle.Trials;

/// <summary>What a search records of a task and its rows.</summary>
internal static class TaskFacts
{
    // of the rows' length; very many rows are encoded again to be read
    private const int MeasuredRows = 1000;

    /// <summary>The facts of a task as its files are now.</summary>
    /// <param name="tuner">Reads the rows.</param>
    /// <param name="task">The task's name.</param>
    public static TaskChance Of(FineTuner tuner, string task)
    {
        var rows = tuner.Task(task);
        return new(task, TaskScores.Chance(rows))
        {
            LowestScore = TaskScores.Lowest(rows.Task) is var lowest && double.IsFinite(lowest) ? lowest : null,
            Head = KebabCase.From(tuner.HeadOf(task)),
            TrainingRows = rows.Train.Count,
            AllRows = rows.Train.Count + rows.Selection.Count,
            TokensPerRow = rows.Train.Take(MeasuredRows).Select(row => row.Length).DefaultIfEmpty().Average(),
            PositiveLabel = rows.Task.PositiveLabel,
            Cut = rows.Cut?.ToString(),
            CutRows = rows.Cut?.Cut,
            ExaminedRows = rows.Cut?.Examined,
            Rows = [.. rows.Digests.Select(part => TaskRows.Of(part.Part, part.Digests))],
            PlaceOf = (part, row) => tuner.PlaceOf(task, rows.Digests.First(known => known.Part == part).Digests[row]),
        };
    }
}
