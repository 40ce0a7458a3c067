using Spindle.Models.Numerics;
using Spindle.Models.Places;
using static TorchSharp.torch;

namespace Spindle.Models.Tuning.Adapters;

/// <summary>Reads a sublayer's output and adds to it. In the Pfeiffer placement it reads what the backbone's own normalisation makes of output
/// and residual (AdapterHub's <c>original_ln_before</c> with <c>residual_before_ln</c>); a pre-norm backbone has none, and their sum is read.</summary>
internal sealed class SequentialAdapter(Bottleneck bottleneck, bool readsNormed) : ISublayerInsertion
{
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

/// <summary>Reads the residual stream where a sublayer leaves it, and adds to the sublayer's output. In a post-norm backbone that is what enters
/// the sublayer; in a pre-norm one it is read before the normalisation, as AdapterHub reads it.</summary>
internal sealed class ParallelAdapter(Bottleneck bottleneck) : ISublayerInsertion
{
    public Tensor Apply(SublayerOutput context) => context.Output.Plus(bottleneck.Forward(context.Residual.to(context.Output.dtype)));
}
