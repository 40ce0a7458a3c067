using Spindle.Models.Numerics;
using static TorchSharp.torch;

namespace Spindle.Models.Places;

/// <summary>The place after an attention or a feed-forward part, where its output joins the residual stream.</summary>
public sealed class Sublayer
{
    /// <summary>What strategies do to the output, first attached first.</summary>
    public Attachment.Additions<ISublayerInsertion> Insertions { get; } = new();

    /// <summary>Joins a post-norm sublayer (BERT, RoBERTa, BART) with its residual: norm(output + residual).</summary>
    /// <param name="input">What entered the sublayer, which is the residual, <c>[batch, sequence, hidden]</c>.</param>
    /// <param name="output">What left it, dropout applied, <c>[batch, sequence, hidden]</c>.</param>
    /// <param name="norm">The normalisation after the sum.</param>
    public Tensor JoinPostNorm(Tensor input, Tensor output, TunableNorm norm) =>
        norm.Forward(input.Plus(Insert(new(input, output, input, norm))));

    /// <summary>Joins a pre-norm sublayer (T5) with its residual: residual + output.</summary>
    /// <param name="input">What entered the sublayer, normalised, <c>[batch, sequence, hidden]</c>.</param>
    /// <param name="output">What left it, dropout applied, <c>[batch, sequence, hidden]</c>.</param>
    /// <param name="residual">The residual stream, <c>[batch, sequence, hidden]</c>.</param>
    public Tensor JoinPreNorm(Tensor input, Tensor output, Tensor residual) => residual.Plus(Insert(new(input, output, residual, null)));

    private Tensor Insert(SublayerOutput context)
    {
        foreach (var insertion in Insertions) context = context with { Output = insertion.Apply(context) };
        return context.Output.dtype == context.Residual.dtype ? context.Output : context.Output.to(context.Residual.dtype);
    }
}

/// <summary>What a strategy sees after a sublayer, each <c>[batch, sequence, hidden]</c>.</summary>
/// <param name="Input">What entered the sublayer.</param>
/// <param name="Output">What left it, before the residual.</param>
/// <param name="Residual">What it is added to.</param>
/// <param name="PostNorm">The normalisation after the sum, or null in a pre-norm backbone.</param>
public sealed record SublayerOutput(Tensor Input, Tensor Output, Tensor Residual, TunableNorm? PostNorm);

/// <summary>What a strategy does to a sublayer's output.</summary>
public interface ISublayerInsertion
{
    /// <summary>The changed output, before the residual is added.</summary>
    Tensor Apply(SublayerOutput context);
}
