namespace Spindle.Data.Text;

/// <summary>The ids that a model gives a meaning to; null where its family has no such token.</summary>
/// <param name="Padding">Pads a sequence.</param>
/// <param name="Unknown">Stands for what no token covers.</param>
/// <param name="BeginOfSequence">Begins a sequence (BART, RoBERTa).</param>
/// <param name="EndOfSequence">Ends a sequence, and generation.</param>
/// <param name="Mask">Stands for a token that is to be guessed.</param>
/// <param name="DecoderStart">What a decoder is given first: as <c>generation_config.json</c> or <c>config.json</c> says,
/// or else T5's padding and BART's end of a sequence; null for a bare encoder.</param>
public sealed record SpecialIds(int Padding, int? Unknown, int? BeginOfSequence, int? EndOfSequence, int? Mask, int? DecoderStart);
