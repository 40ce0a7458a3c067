using Spindle.Data.Tasks;
using Spindle.Data.Templates;
using Spindle.Data.Text;

namespace Spindle.Training.Batches;

/// <summary>Turns rows into what is read and what is to be written.</summary>
/// <param name="template">Casts rows as text to text.</param>
/// <param name="tokenizers">What the model reads and writes in.</param>
/// <param name="maxLength">The longest source in tokens.</param>
/// <param name="maxTargetLength">The longest target in tokens.</param>
/// <param name="vocabularySize">The number of tokens that the backbone knows.</param>
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
}
