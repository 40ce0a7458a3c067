namespace Spindle.Search.Studies;

/// <summary>The heads that turn a backbone's hidden states into logits.</summary>
public enum HeadKind
{
    /// <summary>The pair in one sequence, the backbone's own pooling over the first token.</summary>
    Joint,

    /// <summary>The sentences of a pair apart, mean over tokens, a linear layer on [u, v, |u−v|, u·v] (Reimers and Gurevych 2019).</summary>
    SentenceEncoder,

    /// <summary>None: an encoder-decoder writes its answer, a label's name where the task has labels (Raffel et al. 2020).</summary>
    LanguageModel,
}
