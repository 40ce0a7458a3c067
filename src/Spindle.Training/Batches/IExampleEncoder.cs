using Spindle.Data.Tasks;

namespace Spindle.Training.Batches;

/// <summary>Turns a task's rows into token ids.</summary>
public interface IExampleEncoder
{
    /// <summary>Encodes a row as token ids.</summary>
    /// <exception cref="InvalidDataException">The tokenizer returns a token id that is not in the backbone's vocabulary.</exception>
    EncodedExample Encode(Example example);

    /// <summary>Whether a row's text or target is longer than the model reads.</summary>
    /// <param name="example">The row.</param>
    /// <param name="encoded">The row as <see cref="Encode"/> returned it.</param>
    bool IsCut(Example example, EncodedExample encoded) => false;
}
