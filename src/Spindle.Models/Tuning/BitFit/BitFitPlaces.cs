namespace Spindle.Models.Tuning.BitFit;

/// <summary>Which biases BitFit trains.</summary>
public enum BitFitPlaces
{
    /// <summary>Those of every linear map and every normalisation.</summary>
    All,

    /// <summary>Those of the attentions' queries and of the feed-forward part's first maps (Ben Zaken et al. 2022, section 4).</summary>
    QueryAndFeedForward,

    /// <summary>Those of every linear map and every normalisation, and of the pooler and the normalisations outside the blocks, as HF peft's <c>bias: all</c> has it.</summary>
    AllAndOutside,
}
