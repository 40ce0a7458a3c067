using Spindle.Models.Numerics;
using Spindle.Models.Places;
using static TorchSharp.torch;

namespace Spindle.Models.Tuning.Adapters;

/// <summary>Reads a sublayer's output and adds to it. In the Pfeiffer placement it reads the sum of output and residual after the backbone's own
/// normalisation (AdapterHub's <c>original_ln_before</c> with <c>residual_before_ln</c>), or the plain sum in a pre-norm backbone.</summary>
internal sealed class SequentialAdapter(Bottleneck bottleneck, bool readsNormed) : ISublayerInsertion
{
    public bool IsPositionWise => bottleneck.Gate is null;

    public Tensor Apply(SublayerOutput context)
    {
        var read = context.Output;
        if (readsNormed)
        {
            var sum = context.Residual.Plus(context.Output);
            read = context.PostNorm?.Forward(sum) ?? sum;
        }
        return context.Output.Plus(bottleneck.Forward(read.to(context.Output.dtype)));
    }
}

/// <summary>Reads the residual stream before a sublayer and adds to the sublayer's output. In a pre-norm backbone it reads the stream before the
/// normalisation, as in AdapterHub.</summary>
internal sealed class ParallelAdapter(Bottleneck bottleneck) : ISublayerInsertion
{
    public bool IsPositionWise => bottleneck.Gate is null;

    public Tensor Apply(SublayerOutput context) => context.Output.Plus(bottleneck.Forward(context.Residual.to(context.Output.dtype)));
}
