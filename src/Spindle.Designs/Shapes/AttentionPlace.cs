namespace Spindle.Designs.Shapes;

/// <summary>The places of attentions in a backbone, the same in every family.</summary>
public enum AttentionPlace
{
    /// <summary>The self-attention of an encoder's block.</summary>
    EncoderSelf,

    /// <summary>The self-attention of a decoder's block.</summary>
    DecoderSelf,

    /// <summary>The attention of a decoder's block over the encoder's output.</summary>
    DecoderCross,
}
