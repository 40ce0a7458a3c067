using System.Globalization;
using Spindle.Designs.Text;

namespace Spindle.Data.Tasks.Rows;

/// <summary>Puts a task together from what was read of its parts, with the warnings that follow from it.</summary>
internal static class TaskAssembly
{
    public static TaskData Assemble(TaskDefinition task, SplitReader.Result train, IReadOnlyList<SplitReader.Result> validation, SplitReader.Result? selection = null)
    {
        var warnings = new List<string>();
        foreach (var part in ((IEnumerable<SplitReader.Result?>)[train, .. validation, selection]).OfType<SplitReader.Result>())
            if (SkippedRows(part.Split) is { } skipped) warnings.Add($"{task.Name}: {part.Split.Name}: {skipped}");
        foreach (var part in validation)
        {
            var name = $"{task.Name}: {part.Split.Name}";
            if (task.Kind == TaskKind.TextToText) continue;
            if (part.Answers.Count == 0) warnings.Add($"{name} has no labelled row, so that no score can be computed");
            else if (part.Answers.Count == 1)
                warnings.Add(string.Create(CultureInfo.InvariantCulture, $"{name} holds one {(task.Kind == TaskKind.Classification ? $"class only, '{task.Labels[(int)part.Answers[0]]}'" : $"value only, {part.Answers[0]}")}; ")
                    + $"{string.Join(" and ", task.Metrics)} {(task.Metrics.Count == 1 ? "is undefined or says nothing" : "are undefined or say nothing")} there");
        }
        if (train.FirstDuplicate is { } first)
            warnings.Add($"{task.Name}: {train.Duplicates} of {train.Split.Examples.Count} training rows are also in the validation rows, the first at {first.File}:{first.Line}; they are kept");
        return new(task, train.Split, [.. validation.Select(part => part.Split)]) { Warnings = warnings, Selection = selection?.Split };
    }

    private static string? SkippedRows(TaskSplit split)
    {
        if (split.SkippedCount == 0) return null;
        var (first, kinds) = (split.Skipped[0], string.Join(", ", split.Faults.OrderByDescending(fault => fault.Value).Select(fault => string.Create(CultureInfo.InvariantCulture, $"{KebabCase.From(fault.Key)} {fault.Value:N0}"))));
        return string.Create(CultureInfo.InvariantCulture, $"{split.SkippedCount:N0} {(split.SkippedCount == 1 ? "row is" : "rows are")} skipped ({kinds}), the first at {first.File}:{first.Line}: {first.Reason}");
    }
}
