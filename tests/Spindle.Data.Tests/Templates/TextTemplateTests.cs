using Spindle.Data.Tasks;
using Spindle.Data.Templates;

namespace Spindle.Data.Tests.Templates;

public class TextTemplateTests
{
    public static TheoryData<string> Tasks => [.. TaskCatalogue.Default.Tasks.Where(task => task.Kind != TaskKind.TextToText).Select(task => task.Name)];

    [Theory]
    [InlineData("cola", "cola sentence: A", "acceptable")]
    [InlineData("sst2", "sst2 sentence: A", "positive")]
    [InlineData("mrpc", "mrpc sentence1: A sentence2: B", "equivalent")]
    [InlineData("qqp", "qqp question1: A question2: B", "duplicate")]
    [InlineData("mnli", "mnli hypothesis: B premise: A", "neutral")]
    [InlineData("qnli", "qnli question: A sentence: B", "not_entailment")]
    [InlineData("rte", "rte sentence1: A sentence2: B", "not_entailment")]
    public void GLUEs_tasks_are_cast_as_T5_was_trained_on_them(string name, string source, string target)
    {
        var template = TextTemplates.Of(TaskCatalogue.Default.Find(name), prefixed: true);
        var row = new Example("A", "B", 1);
        Assert.Equal((source, target), (template.Source(row), template.Target(row)));
    }

    [Theory]
    [InlineData(0, "0.0")]
    [InlineData(5, "5.0")]
    [InlineData(2.57, "2.6")]
    [InlineData(3.25, "3.2")]
    [InlineData(4.11, "4.2")]
    public void A_similarity_is_written_to_the_nearest_fifth(double label, string target) =>
        Assert.Equal(target, TextTemplates.Of(TaskCatalogue.Default.Find("stsb"), prefixed: true).Target(new("A", "B", label)));

    [Theory]
    [MemberData(nameof(Tasks))]
    public void What_is_written_for_a_label_is_read_as_it_and_nothing_else_is(string name)
    {
        var task = TaskCatalogue.Default.Find(name);
        var template = TextTemplates.Of(task, prefixed: true);
        double[] labels = task.Range is { } range
            ? [.. Enumerable.Range(0, 26).Select(step => range.Minimum + step * (range.Maximum - range.Minimum) / 25)]
            : [.. Enumerable.Range(0, task.Labels.Count).Select(label => (double)label)];
        foreach (var label in labels) Assert.Equal(label, template.Label(template.Target(new("A", task.Pairs ? "B" : null, label))), 1e-3);
        foreach (var answer in new[] { "", "nonsense", "NaN", "Infinity", "-0.2", "5.2", task.Labels.FirstOrDefault("") + "x" })
            Assert.DoesNotContain(template.Label(answer), labels);
        Assert.True(double.IsFinite(template.Label("NaN")));
    }

    [Fact]
    public void A_text_stands_after_its_prefix_where_the_backbone_knows_prefixes()
    {
        var task = new TaskDefinition("summaries", TaskKind.TextToText, [], Pairs: false, ["rouge1"], null) { Prefix = "summarize: " };
        var row = new Example("A long text", null, double.NaN) { Target = "A text" };
        Assert.Equal("summarize: A long text", TextTemplates.Of(task, prefixed: true).Source(row));
        Assert.Equal("A long text", TextTemplates.Of(task, prefixed: false).Source(row));
        Assert.Equal("A text", TextTemplates.Of(task, prefixed: false).Target(row));
        Assert.True(double.IsNaN(TextTemplates.Of(task, prefixed: true).Label("A text")));
    }
}
