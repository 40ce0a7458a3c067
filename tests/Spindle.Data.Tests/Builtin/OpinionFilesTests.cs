using Spindle.Data.Tasks;
using Spindle.Data.Tasks.Builtin;
using Spindle.Tests;

namespace Spindle.Data.Tests.Builtin;

/// <summary>The files that the README's first commands read. With <c>SPINDLE_WRITE_DOCS=1</c> the test writes them.</summary>
public class OpinionFilesTests
{
    private static readonly TaskData Sentiment = new BuiltinTasks().Load("builtin/sentiment", null);

    [Fact]
    public void The_labelled_file_holds_training_rows_of_the_built_in_sentiment_task() =>
        RequireFile("opinions.csv", [.. Sentiment.Train.Examples.Take(1000).Select(row => $"{Quoted(row.First)},{Sentiment.Task.Labels[(int)row.Label]}")], "sentence,opinion");

    [Fact]
    public void The_file_without_labels_holds_validation_rows_of_the_built_in_sentiment_task() =>
        RequireFile("new-opinions.csv", [.. Sentiment.Validation[0].Examples.Take(20).Select(row => Quoted(row.First))], "sentence");

    private static void RequireFile(string name, string[] rows, string header)
    {
        var file = Path.Combine(SharedFiles.Repository, "studies", name);
        var text = string.Concat(rows.Prepend(header).Select(line => line + "\n"));
        if (Environment.GetEnvironmentVariable("SPINDLE_WRITE_DOCS") == "1") File.WriteAllText(file, text);
        Assert.Equal(text, File.ReadAllText(file).ReplaceLineEndings("\n"));
    }

    private static string Quoted(string text) => text.Contains(',', StringComparison.Ordinal) ? $"\"{text}\"" : text;
}
