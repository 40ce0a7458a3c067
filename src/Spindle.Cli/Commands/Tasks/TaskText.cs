using Spindle.Data.Tasks;
using Spindle.Designs.Text;
using Spindle.Training.Tasks;

namespace Spindle.Cli.Commands.Tasks;

/// <summary>Describes a task as text.</summary>
internal static class TaskText
{
    private const int RowsCounted = 10_000;
    private const int LabelsShown = 20;
    private const int SkippedShown = 5;

    public static void Write(TextWriter output, TaskData data, RowPreview preview, int rows)
    {
        var task = data.Task;
        var answers = task.Kind switch
        {
            TaskKind.Classification => $" of {string.Join(", ", task.Labels.Take(LabelsShown))}{(task.Labels.Count > LabelsShown ? $" and {task.Labels.Count - LabelsShown} more" : "")}",
            TaskKind.Regression => $" from {task.Range!.Minimum} to {task.Range.Maximum}",
            _ => task.Prefix.Length > 0 ? $" after '{task.Prefix}'" : "",
        };
        output.WriteLine(Clean($"{task.Name}: {KebabCase.From(task.Kind)}{answers}, {(task.Pairs ? "pairs" : "single texts")}, scored by {string.Join(", ", task.Metrics)}{(task.PositiveLabel is { } positive ? $" (positive label: {positive})" : "")}"));
        foreach (var line in data.Inferred) output.WriteLine(Clean($"  inferred from the files: {line}"));
        foreach (var split in data.Validation.Prepend(data.Train)) Write(output, split, task);
        foreach (var warning in data.Warnings) output.WriteLine(Clean($"  warning: {warning}"));

        var tokenize = preview.CreateTokenizer(task);
        var seen = data.Train.Examples.Take(RowsCounted).Select(tokenize).Select(row => (row.Length, row.Cut, row.TargetCut)).ToArray();
        int[] lengths = [.. seen.Select(row => row.Length).Order()];
        output.WriteLine($"  in tokens of {preview.Backbone}, at most {preview.MaxLength}: from {lengths[0]} to {lengths[^1]}, half at most {lengths[(lengths.Length - 1) / 2]}; "
            + $"{seen.Count(row => row.Cut > 0):N0} of {(seen.Length < data.Train.Examples.Count ? "the first " : "")}{seen.Length:N0} training rows are cut"
            + (task.Kind == TaskKind.TextToText ? $", and the targets of {seen.Count(row => row.TargetCut > 0):N0}" : ""));
        foreach (var (index, example) in data.Train.Examples.Take(rows).Index())
        {
            var row = tokenize(example);
            output.WriteLine(Clean($"  row {index + 1}: {Answer(task, example)}{row.Length} tokens{(row.Cut > 0 ? $", {row.Cut} cut off" : "")}"));
            output.WriteLine(Clean($"    {string.Join(' ', row.First)}"));
            if (row.Second is not null) output.WriteLine(Clean($"    {string.Join(' ', row.Second)}"));
            if (row.Target is not null) output.WriteLine(Clean($"    → {string.Join(' ', row.Target)}{(row.TargetCut > 0 ? $" ({row.TargetCut} cut off)" : "")}"));
        }
    }

    private static void Write(TextWriter output, TaskSplit split, TaskDefinition task)
    {
        var (unlabelled, sum, counts) = (0, 0.0, new int[task.Labels.Count]);
        foreach (var example in split.Examples)
        {
            if (!example.IsLabelled) unlabelled++;
            else if (task.Kind == TaskKind.Classification) counts[(int)example.Label]++;
            else if (task.Kind == TaskKind.Regression) sum += example.Label;
        }
        var labelled = split.Examples.Count - unlabelled;
        var labels = task.Kind switch
        {
            TaskKind.Classification => ": " + string.Join(", ", counts.Index().OrderByDescending(label => label.Item).Take(LabelsShown).Select(label => $"{task.Labels[label.Index]} {label.Item:N0}")),
            TaskKind.Regression when labelled > 0 => $": mean {sum / labelled:F3}",
            _ => "",
        };
        output.WriteLine(Clean($"  {split.Name}: {split.Examples.Count:N0} rows{labels}{(unlabelled > 0 ? $", unlabelled {unlabelled:N0}" : "")}"));
        if (split.SkippedCount == 0) return;
        output.WriteLine($"    skipped: {split.SkippedCount:N0} ({string.Join(", ", split.Faults.OrderByDescending(fault => fault.Value).Select(fault => $"{KebabCase.From(fault.Key)} {fault.Value:N0}"))})");
        foreach (var row in split.Skipped.Take(SkippedShown)) output.WriteLine(Clean($"    {row.File}:{row.Line}: {row.Reason}"));
    }

    private static string Answer(TaskDefinition task, Example example) => task.Kind switch
    {
        TaskKind.TextToText => "",
        _ when !example.IsLabelled => "unlabelled, ",
        TaskKind.Classification => $"{task.Labels[(int)example.Label]}, ",
        _ => $"{example.Label}, ",
    };

    // a text of several lines must not look like several lines of the description
    private static string Clean(string line) => line.ReplaceLineEndings(" ");
}
