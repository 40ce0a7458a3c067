namespace Spindle.Data.Tasks;

/// <summary>The usual names of the two text columns of a pair.</summary>
internal static class UsualPairs
{
    /// <summary>The pairs of names, the more telling ones first.</summary>
    public static IReadOnlyList<(string First, string Second)> Names { get; } =
    [
        ("first", "second"), ("sentence1", "sentence2"), ("premise", "hypothesis"), ("question1", "question2"), ("text1", "text2"), ("text_a", "text_b"), ("question", "sentence"),
        ("question", "answer"), ("#1 String", "#2 String"),
    ];
}
