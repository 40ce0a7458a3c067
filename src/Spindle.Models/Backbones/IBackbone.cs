using Spindle.Designs.Shapes;
using Spindle.Models.Parameters;
using Spindle.Models.Places;
using static TorchSharp.torch;

namespace Spindle.Models.Backbones;

/// <summary>A pretrained language model that reads text into hidden states. It knows no strategy: strategies change the places of its layers.
/// Contract: the frozen weights are never changed; tensors of a forward pass belong to the caller's dispose scope.</summary>
public interface IBackbone : IDisposable
{
    /// <summary>Its family.</summary>
    IBackboneFamily Family { get; }

    /// <summary>The backbone's shape, for the budget.</summary>
    BackboneShape Shape { get; }

    /// <summary>The SHA-256 of the file of its weights, in lower-case hexadecimal.</summary>
    string Fingerprint { get; }

    /// <summary>The size of the hidden states.</summary>
    int HiddenSize { get; }

    /// <summary>The number of tokens in the vocabulary; every id is below it.</summary>
    int VocabularySize { get; }

    /// <summary>The longest sequence that it reads, in tokens.</summary>
    int MaximumLength { get; }

    /// <summary>The dropout probability of a head in training.</summary>
    double HeadDropout { get; }

    /// <summary>The device that holds its weights.</summary>
    Device Device { get; }

    /// <summary>Whether dropout is applied.</summary>
    bool Training { get; set; }

    /// <summary>The layers, in order of depth.</summary>
    IReadOnlyList<Layer> Layers { get; }

    /// <summary>Every weight.</summary>
    IReadOnlyList<WeightSlot> Weights { get; }

    /// <summary>The hidden states of the last layer, <c>[batch, sequence, hidden]</c>; in an encoder-only backbone, those of prompts come before those of tokens. Those of padding mean nothing.</summary>
    Tensor Encode(TokenBatch batch);

    /// <summary>Whether <see cref="Encode"/> takes no time for padding, so that sequences of different lengths may share a batch. It depends on what is attached.</summary>
    bool SkipsPadding => false;

    /// <summary>The hidden states after the embeddings and after each layer, each <c>[batch, sequence, hidden]</c>.</summary>
    IReadOnlyList<Tensor> EncodeAll(TokenBatch batch);

    /// <summary>The part of the hidden states that a joint head reads, <c>[batch, hidden]</c>.</summary>
    /// <param name="hidden">The hidden states of the last layer, <c>[batch, sequence, hidden]</c>.</param>
    /// <param name="batch">The tokens they were computed from.</param>
    Tensor Pool(Tensor hidden, TokenBatch batch);

    /// <summary>What a joint head reads of a batch, <c>[batch, hidden]</c>: <see cref="Pool"/> of <see cref="Encode"/>. A backbone may leave out states of its last layer that pooling does not read.</summary>
    Tensor EncodePooled(TokenBatch batch) => Pool(Encode(batch), batch);

    /// <summary>Makes the family's head over a sequence, as <c>ForSequenceClassification</c> of HF transformers has it.</summary>
    /// <param name="outputs">The number of logits.</param>
    /// <param name="random">The source of initial values.</param>
    ISequenceHead MakeJointHead(int outputs, InitialValues random);
}
