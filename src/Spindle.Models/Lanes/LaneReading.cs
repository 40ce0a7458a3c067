using Spindle.Models.Backbones;
using Spindle.Models.Places;
using static TorchSharp.torch;

namespace Spindle.Models.Lanes;

/// <summary>The passes of a backbone over the same rows for every lane. The first lane that asks for a pass computes it for all.</summary>
/// <param name="backbone">The backbone, with all lanes attached.</param>
/// <param name="lanes">The number of lanes.</param>
internal sealed class LaneReading(IBackbone backbone, int lanes)
{
    private readonly List<Pass> passes = [];
    private readonly int[] read = new int[lanes];

    /// <summary>Forgets the passes of the step before.</summary>
    public void Restart()
    {
        passes.Clear();
        Array.Clear(read);
    }

    /// <summary>The hidden states of a lane's next pass, <c>[batch, sequence, hidden]</c>.</summary>
    /// <param name="lane">The zero-based lane.</param>
    /// <param name="batch">The rows. Every lane must ask for the same.</param>
    public Tensor Encode(int lane, TokenBatch batch)
    {
        var index = read[lane]++;
        if (index == passes.Count)
        {
            var repeated = Repeat(batch);
            var states = backbone.Encode(repeated);
            passes.Add(new(repeated, states, LaneRows.Split(states, lanes)));
        }

        return passes[index].Rows[lane];
    }

    /// <summary>What a joint head reads of a lane's hidden states, <c>[batch, hidden]</c>.</summary>
    /// <param name="lane">The zero-based lane.</param>
    /// <param name="hidden">The states that <see cref="Encode"/> gave.</param>
    public Tensor Pool(int lane, Tensor hidden)
    {
        var pass = passes.First(pass => ReferenceEquals(pass.Rows[lane], hidden));
        pass.Pooled ??= LaneRows.Split(backbone.Pool(pass.States, pass.Batch), lanes);
        return pass.Pooled[lane];
    }

    private TokenBatch Repeat(TokenBatch batch) => new(Repeat(batch.Ids), Repeat(batch.Mask), batch.TypeIds is { } types ? Repeat(types) : null) { OnHost = batch.OnHost is { } host ? Repeat(host) : null, Lanes = lanes };

    private Tensor Repeat(Tensor tokens) => tokens.repeat(lanes, 1);

    private sealed class Pass(TokenBatch batch, Tensor states, IReadOnlyList<Tensor> rows)
    {
        public TokenBatch Batch => batch;

        public Tensor States => states;

        public IReadOnlyList<Tensor> Rows => rows;

        public IReadOnlyList<Tensor>? Pooled { get; set; }
    }
}
