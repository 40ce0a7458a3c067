using Spindle.Models.Numerics;
using TorchSharp;
using static TorchSharp.torch;

namespace Spindle.Models.Backbones;

/// <summary>The special tokens of a target.</summary>
/// <param name="Padding">Pads a sequence.</param>
/// <param name="Start">The first token that the decoder reads.</param>
/// <param name="End">Ends a sequence.</param>
/// <param name="ForcedBegin">The token that generated text must start with, or null.</param>
/// <param name="ForcedEnd">The token that generated text must end with at the maximum length, or null.</param>
public sealed record TargetTokens(int Padding, int Start, int End, int? ForcedBegin, int? ForcedEnd)
{
    /// <summary>Reads them from <c>config.json</c>.</summary>
    /// <param name="configuration">The configuration.</param>
    /// <param name="padding">The padding token where the configuration names none.</param>
    /// <param name="end">The end token where the configuration names none.</param>
    /// <param name="start">The start token where the configuration names none; null takes the end token.</param>
    /// <exception cref="InvalidDataException">An id is not a whole number from 0.</exception>
    public static TargetTokens Read(BackboneConfiguration configuration, int padding, int end, int? start) => new(
        configuration.Id("pad_token_id") ?? padding,
        configuration.Id("decoder_start_token_id") ?? start ?? configuration.Id("eos_token_id") ?? end,
        configuration.Id("eos_token_id") ?? end,
        configuration.Id("forced_bos_token_id"),
        configuration.Id("forced_eos_token_id"));

    /// <summary>The decoder's input for a sequence: the start token, then the sequence without its last token, <c>[batch, sequence]</c>.</summary>
    /// <param name="ids">The sequence; −100, which a loss ignores, is read as padding.</param>
    public Tensor ShiftRight(Tensor ids)
    {
        var shifted = cat([TensorArithmetic.Full([ids.shape[0], 1], (long)Start, ids.device), ids.narrow(1, 0, ids.shape[1] - 1)], 1);
        return shifted.MaskedFill(shifted.EqualTo(-100), Padding);
    }

    /// <summary>The state of each row's last end token, <c>[batch, hidden]</c>.</summary>
    /// <param name="hidden">The states, <c>[batch, sequence, hidden]</c>.</param>
    /// <param name="batch">The tokens, <c>[batch, sequence]</c>.</param>
    /// <exception cref="ArgumentException">A row has no end token. Tokens that only another device holds are not checked, and such a row then gives its first state.</exception>
    public Tensor LastEndStates(Tensor hidden, TokenBatch batch)
    {
        var ids = batch.OnHost?.Ids ?? batch.Ids;
        var positions = tensor(Enumerable.Range(1, (int)ids.shape[1]).Select(position => (long)position).ToArray(), device: ids.device);
        var place = (ids.EqualTo(End).to(ScalarType.Int64) * positions).amax([1]).Plus(-1L);
        if (place.device_type != DeviceType.CPU) place = TensorArithmetic.WithScalar(0, place.clamp_min);
        else if (place.min().ToInt64() < 0) throw new ArgumentException($"a row has no end token {End}", nameof(batch));
        return hidden.gather(1, place.Upload(hidden.device).view(-1, 1, 1).expand(-1, 1, hidden.shape[2])).squeeze(1);
    }
}
