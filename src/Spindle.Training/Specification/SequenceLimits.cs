using Spindle.Data.Tasks;
using Spindle.Data.Text;
using Spindle.Training.Settings;

namespace Spindle.Training.Specification;

/// <summary>The shortest sequences that a model can be asked to read: the special tokens, and one token of each text.</summary>
internal static class SequenceLimits
{
    /// <summary>The shortest sequence of any backbone and task: one special token and one of the text.</summary>
    public const int Shortest = 2;

    /// <summary>The shortest sequence of a task.</summary>
    /// <param name="tokenizer">The backbone's tokenizer.</param>
    /// <param name="task">The task.</param>
    /// <param name="head">The head, which decides whether a pair is one sequence.</param>
    public static int ShortestOf(ITextTokenizer tokenizer, TaskDefinition task, HeadKind head) => SpecialTokens(tokenizer, task, head) + TextsOf(task, head);

    /// <summary>Refuses sequences that are too short for a task.</summary>
    /// <param name="maxLength">The longest sequence in tokens.</param>
    /// <param name="tokenizer">The backbone's tokenizer.</param>
    /// <param name="task">The task.</param>
    /// <param name="head">The head.</param>
    /// <param name="backbone">The backbone's name.</param>
    /// <exception cref="InvalidDataException">They are.</exception>
    public static void RequireLongEnough(int maxLength, ITextTokenizer tokenizer, TaskDefinition task, HeadKind head, string backbone)
    {
        if (ShortestOf(tokenizer, task, head) is var shortest && maxLength < shortest)
            throw new InvalidDataException($"max-length {maxLength}: {backbone} needs at least {shortest} tokens for task '{task.Name}' ({SpecialTokens(tokenizer, task, head)} special tokens and one of {(TextsOf(task, head) > 1 ? "each text" : "the text")}); raise it to {shortest} or more");
    }

    private static int SpecialTokens(ITextTokenizer tokenizer, TaskDefinition task, HeadKind head) =>
        tokenizer.Encode("", task.Pairs && head == HeadKind.Joint ? "" : null, int.MaxValue).Ids.Length;

    // the two texts of a pair are sequences of their own under a sentence encoder's heads
    private static int TextsOf(TaskDefinition task, HeadKind head) => task.Pairs && head is (HeadKind.Joint or HeadKind.LanguageModel) ? 2 : 1;
}
