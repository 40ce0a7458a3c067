namespace Spindle.Training.Settings;

/// <summary>What the kinds of heads have in common.</summary>
internal static class HeadKindExtensions
{
    /// <summary>Whether the head reads means over tokens, and the sentences of a pair apart.</summary>
    public static bool IsSentenceEncoder(this HeadKind head) => head is HeadKind.SentenceEncoder or HeadKind.Similarity or HeadKind.PairClassifier;
}
