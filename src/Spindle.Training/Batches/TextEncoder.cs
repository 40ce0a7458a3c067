using Spindle.Data.Tasks;
using Spindle.Data.Templates;
using Spindle.Data.Text;

namespace Spindle.Training.Batches;

/// <summary>Turns rows into source and target token ids.</summary>
/// <param name="template">Turns rows into source and target texts.</param>
/// <param name="tokenizers">The tokenizers of sources and targets.</param>
/// <param name="maxLength">The longest source in tokens.</param>
/// <param name="maxTargetLength">The longest target in tokens.</param>
/// <param name="vocabularySize">The size of the backbone's vocabulary.</param>
public sealed class TextEncoder(ITextTemplate template, TokenizerPair tokenizers, int maxLength, int maxTargetLength, int vocabularySize) : IExampleEncoder
{
    /// <inheritdoc/>
    public EncodedExample Encode(Example example)
    {
        var source = VocabularyCheck.Check(tokenizers.Source, tokenizers.Source.Encode(template.Source(example), null, maxLength), vocabularySize);
        if (example.Target is null && double.IsNaN(example.Label)) return new(source, null, double.NaN);
        var target = template.Target(example);
        return new(source, null, example.Label)
        {
            Target = VocabularyCheck.Check(tokenizers.Target, tokenizers.Target.Encode(target, null, maxTargetLength), vocabularySize).Ids,
            Reference = target,
        };
    }
    /// <inheritdoc/>
    public bool IsCut(Example example, EncodedExample encoded) =>
        (encoded.First.Ids.Length >= maxLength && tokenizers.Source.Encode(template.Source(example), null, int.MaxValue).Ids.Length > encoded.First.Ids.Length)
        || (encoded is { Target: { } target, Reference: { } text } && target.Length >= maxTargetLength && tokenizers.Target.Encode(text, null, int.MaxValue).Ids.Length > target.Length);
}
