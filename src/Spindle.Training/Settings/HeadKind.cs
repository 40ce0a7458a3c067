namespace Spindle.Training.Settings;

/// <summary>The heads that turn a backbone's hidden states into logits.</summary>
public enum HeadKind
{
    /// <summary>A pair in one sequence, and the backbone's pooling of the first token.</summary>
    Joint = 0,

    /// <summary>The sentences of a pair encoded separately, the mean over tokens, and a linear layer on [u, v, |u−v|, u·v] (Reimers and Gurevych 2019).</summary>
    SentenceEncoder = 1,

    /// <summary>No head: an encoder-decoder generates its answer, a label's name where the task has labels (Raffel et al. 2020).</summary>
    LanguageModel = 2,

    /// <summary>The sentences of a pair apart, and a value that starts as the cosine of their means over tokens; for regression over pairs.</summary>
    Similarity = 3,

    /// <summary>The sentences of a pair apart, and a linear layer on [u, v, |u−v|, u·v] and their cosine; for labels over pairs.</summary>
    PairClassifier = 4,
}
