using Spindle.Models.Kernels;
using Spindle.Models.Numerics;
using static TorchSharp.torch;

namespace Spindle.Models.Places;

/// <summary>The place after an attention or a feed-forward part, where its output is added to the residual stream.</summary>
public sealed class Sublayer
{
    /// <summary>Changes to the output, the first attached first.</summary>
    public Attachment.Additions<ISublayerInsertion> Insertions { get; } = new();

    /// <summary>Adds the output of a post-norm sublayer to its residual: norm(dropout(output) + residual).</summary>
    /// <param name="input">The input of the sublayer, which is the residual, <c>[batch, sequence, hidden]</c>.</param>
    /// <param name="output">The output, <c>[batch, sequence, hidden]</c>.</param>
    /// <param name="norm">The normalisation after the sum.</param>
    /// <param name="dropout">The dropout probability of the output, 0 in evaluation. Strategies see the output after it.</param>
    public HiddenStates JoinPostNorm(Tensor input, Tensor output, TunableNorm norm, double dropout) => Insertions.Count == 0
        ? norm.Join(input, output, dropout)
        : norm.Join(input, Insert(new(input, HashedDropout.Forward(output, dropout, training: true), input, norm)), 0);

    /// <summary>Adds the output of a pre-norm sublayer to its residual: residual + output.</summary>
    /// <param name="input">The normalised input of the sublayer, <c>[batch, sequence, hidden]</c>.</param>
    /// <param name="output">The output after dropout, <c>[batch, sequence, hidden]</c>.</param>
    /// <param name="residual">The residual stream, <c>[batch, sequence, hidden]</c>.</param>
    public Tensor JoinPreNorm(Tensor input, Tensor output, Tensor residual) => residual.Plus(Insert(new(input, output, residual, null)));

    private Tensor Insert(SublayerOutput context)
    {
        foreach (var insertion in Insertions) context = context with { Output = insertion.Apply(context) };
        return context.Output.dtype == context.Residual.dtype ? context.Output : context.Output.to(context.Residual.dtype);
    }
}

/// <summary>The state after a sublayer, as a strategy sees it, each <c>[batch, sequence, hidden]</c>.</summary>
/// <param name="Input">The input of the sublayer.</param>
/// <param name="Output">The output before the residual is added.</param>
/// <param name="Residual">The residual that the output is added to.</param>
/// <param name="PostNorm">The normalisation after the sum, or null in a pre-norm backbone.</param>
public sealed record SublayerOutput(Tensor Input, Tensor Output, Tensor Residual, TunableNorm? PostNorm);

/// <summary>A change to a sublayer's output.</summary>
public interface ISublayerInsertion
{
    /// <summary>The changed output, before the residual is added.</summary>
    Tensor Apply(SublayerOutput context);

    /// <summary>Whether the output at a position depends on that position alone, so that padding can be left out.</summary>
    bool IsPositionWise => false;
}
