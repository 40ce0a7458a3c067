namespace Spindle.Designs.Shapes;

/// <summary>How the layers of an encoder-decoder are numbered; an encoder alone has only one numbering.</summary>
public enum LayerNumbering
{
    /// <summary>Encoder layer i and decoder layer i are one layer.</summary>
    Paired,

    /// <summary>The encoder's layers first, then the decoder's.</summary>
    Sequential,
}
