using Spindle.Data.Tasks;

namespace Spindle.Data.Templates;

/// <summary>How each task is cast as text to text: GLUE's as T5 was trained on them (Raffel et al. 2020, appendix D), others of labels likewise, with their own names.</summary>
public static class TextTemplates
{
    private static readonly IReadOnlyDictionary<string, LabelTemplate> Glue = new Dictionary<string, LabelTemplate>(StringComparer.Ordinal)
    {
        ["cola"] = new("cola", ["unacceptable", "acceptable"], "sentence"),
        ["sst2"] = new("sst2", ["negative", "positive"], "sentence"),
        ["mrpc"] = new("mrpc", ["not_equivalent", "equivalent"], "sentence1", "sentence2"),
        ["qqp"] = new("qqp", ["not_duplicate", "duplicate"], "question1", "question2"),
        ["mnli"] = new("mnli", ["entailment", "neutral", "contradiction"], "premise", "hypothesis") { SecondFirst = true },
        ["qnli"] = new("qnli", ["entailment", "not_entailment"], "question", "sentence"),
        ["rte"] = new("rte", ["entailment", "not_entailment"], "sentence1", "sentence2"),
        ["wnli"] = new("wnli", ["not_entailment", "entailment"], "sentence1", "sentence2"),
    };

    /// <summary>The template of a task.</summary>
    /// <param name="task">The task.</param>
    /// <param name="prefixed">Whether a text to be rewritten begins with what is to be done with it (<c>summarize: </c>), as T5 was trained; BART was not.</param>
    public static ITextTemplate Of(TaskDefinition task, bool prefixed)
    {
        if (task.Kind == TaskKind.TextToText) return new PlainTemplate(prefixed ? task.Prefix : "");
        var (first, second) = task.Pairs ? ("sentence1", "sentence2") : ("sentence", (string?)null);
        return task.Kind == TaskKind.Regression
            ? new ValueTemplate(task.Name, task.Range ?? new(0, 1), first, second)
            : Glue.GetValueOrDefault(task.Name) ?? new LabelTemplate(task.Name, task.Labels, first, second);
    }
}
